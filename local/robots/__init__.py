"""A stand-in for the chat robots of DingTalk, Feishu and WeCom, strict where they are."""
