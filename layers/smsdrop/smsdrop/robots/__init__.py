"""Chat robots of DingTalk, Feishu and WeCom: form, signature, HTTP."""
