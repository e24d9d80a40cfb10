"""
What each code says to a person: the provider's, from its answers and receipts, and our own.

Sources: help.aliyun.com/document_detail/101346.html (the API's codes), 101347.html (receipts) and
48054 (the gateway's). The sentences are ours, and say what to do where there is something.
"""

from functools import partial

_TEXTS: dict[str, dict[str, str]] = {
    # The number, or its owner.
    "isv.MOBILE_NUMBER_ILLEGAL INVALID_NUMBER": {
        "en": "The provider takes this for no valid phone number. Check the number.",
        "zh": "服务商认为该手机号无效。请核对号码。",
    },
    "isv.BLACK_KEY_CONTROL_LIMIT": {
        "en": "The number is on the provider's blacklist after a complaint or an unsubscription.",
        "zh": "该号码因投诉或退订已被服务商列入黑名单，无法发送。",
    },
    "isv.CUSTOMER_REFUSED": {
        "en": "The recipient has unsubscribed from promotions.",
        "zh": "收件人已退订推广短信。",
    },
    "isv.SMS_TEST_NUMBER_LIMIT": {
        "en": "The sign name or template is for tests, and sends only to numbers that are bound for"
        " them in the SMS console.",
        "zh": "测试签名或测试模板只能发送到已在短信控制台绑定的测试号码。",
    },
    "isv.BUSINESS_LIMIT_CONTROL": {
        "en": "The number has had as many texts in a minute, an hour or a day as the provider"
        " allows. Send to it later.",
        "zh": "该号码在一分钟、一小时或一天内的短信条数已达服务商上限。请稍后再发送。",
    },
    "MOBILE_NOT_ON_SERVICE": {
        "en": "The phone is switched off, out of service or suspended.",
        "zh": "手机已关机、停机或不在服务区。",
    },
    "MOBILE_SEND_LIMIT": {
        "en": "The carrier takes no more texts for this number for now.",
        "zh": "该号码的短信条数已达运营商限制，请稍后再发送。",
    },
    "MOBILE_ACCOUNT_ABNORMAL": {
        "en": "The number's account with its carrier is not in order.",
        "zh": "该号码在运营商处的账户状态异常。",
    },
    "MOBILE_IN_BLACK": {
        "en": "The number is on a blacklist of the carrier or the provider.",
        "zh": "该号码在运营商或服务商的黑名单中。",
    },
    "MOBLLE_TERMINAL_ERROR MOBILE_TERMINAL_ERROR": {
        "en": "The phone could not take the text: its memory is full, or it has a fault.",
        "zh": "手机终端无法接收短信（如存储已满或终端故障）。",
    },
    "USER_REJECT": {
        "en": "The recipient has unsubscribed from such texts, or blocks them.",
        "zh": "收件人已退订或拒收此类短信。",
    },
    "NO_ROUTE": {
        "en": "The provider has no route to this number.",
        "zh": "服务商没有到该号码的通道。",
    },
    "SP_NOT_BY_INTER_SMS": {
        "en": "The recipient takes no international texts.",
        "zh": "收件人未开通国际短信接收功能。",
    },
    # The text, or the values in it.
    "isv.PARAM_LENGTH_LIMIT": {
        "en": "A value is longer or shorter than the provider allows in this template. Correct the"
        " row.",
        "zh": "变量内容的长度不符合该模板的要求。请修改该行内容。",
    },
    "isv.PARAM_NOT_SUPPORT_URL": {
        "en": "The provider takes no web address in a value. Correct the row.",
        "zh": "变量中不能含有网址。请修改该行内容。",
    },
    "isv.TEMPLATE_PARAMS_ILLEGAL": {
        "en": "A value is not of the kind that the template's variable asks for. Correct the row.",
        "zh": "变量内容与模板中该变量的属性不符。请修改该行内容。",
    },
    "isv.UNSUPPORTED_CONTENT": {
        "en": "The text holds characters that the provider does not send, such as emoji or ★."
        " Correct the row.",
        "zh": "短信中含有服务商不支持的字符（如表情、【】★ 等）。请修改该行内容。",
    },
    "isv.SMS_CONTENT_ILLEGAL CONTENT_KEYWORD": {
        "en": "The text holds words that may not be sent. Correct the row.",
        "zh": "短信中含有违禁词或敏感内容。请修改该行内容。",
    },
    "CONTENT_ERROR": {
        "en": "The carrier refused the text; a promotion has to say how to unsubscribe.",
        "zh": "短信内容被运营商拦截；推广短信须注明退订方式。",
    },
    # The template, the call or the extend code.
    "isv.SMS_TEMPLATE_ILLEGAL": {
        "en": "The template does not exist, is not approved, or does not match the params. Check"
        " the template code.",
        "zh": "模板不存在、未通过审核，或与变量不匹配。请检查模板 CODE。",
    },
    "isv.TEMPLATE_MISSING_PARAMETERS": {
        "en": "A variable of the template has no value. Add its column to the file.",
        "zh": "模板中有变量没有内容。请在文件中补充对应的列。",
    },
    "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE": {
        "en": "The text does not fit the template's type. Use a template of the right type.",
        "zh": "短信内容与模板类型不符。请改用类型正确的模板。",
    },
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": {
        "en": "The template is for international numbers, and sends to none in mainland China.",
        "zh": "该模板为国际短信模板，不能发送到中国大陆手机号。",
    },
    "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL": {
        "en": "A test sign name or template was used for what it does not allow. Use an approved"
        " one.",
        "zh": "测试签名或测试模板使用不当。请改用已通过审核的签名和模板。",
    },
    "isv.INVALID_JSON_PARAM isv.INVALID_PARAMETERS PARAMS_ILLEGAL"
    " template_parameter_count_illegal": {
        "en": "The provider does not take the call's params as they were sent. Show this to an"
        " engineer.",
        "zh": "服务商不接受请求中的参数。请将此报告交给技术人员。",
    },
    "isv.MOBILE_COUNT_OVER_LIMIT": {
        "en": "The call had more numbers than the provider allows. Show this to an engineer.",
        "zh": "一次请求中的号码数超过服务商上限。请将此报告交给技术人员。",
    },
    "isv.EXTEND_CODE_ERROR isv.CODE_ERROR": {
        "en": "The provider does not take the extend code. Check its column.",
        "zh": "扩展码有误。请检查扩展码列。",
    },
    "isv.ONE_CODE_MULTIPLE_SIGN": {
        "en": "The extend code is used with several sign names. Give each sign name its own.",
        "zh": "同一扩展码用于多个签名。请为每个签名使用不同的扩展码。",
    },
    "isv.CODE_EXCEED_LIMIT": {
        "en": "More extend codes are in use than the provider allows.",
        "zh": "扩展码数量超过服务商上限。",
    },
    # The sign name.
    "isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_STATE_ILLEGAL"
    " isv.SIGN_NAME_ILLEGAL isv.SIGN_SOURCE_ILLEGAL": {
        "en": "The sign name does not exist, is not approved, or may not be used. Check it in the"
        " SMS console.",
        "zh": "签名不存在、未通过审核或不可用。请在短信控制台检查签名。",
    },
    "SIGNATURE_BLACKLIST": {
        "en": "The sign name is on a blacklist. Use another.",
        "zh": "签名已被列入黑名单。请改用其他签名。",
    },
    "isv.SMS_SIGN_EMOJI_ILLEGAL": {
        "en": "The sign name holds emoji. Use one without.",
        "zh": "签名中含有表情符号。请改用不含表情的签名。",
    },
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": {
        "en": "The sign name is for verification codes only. Use another with this template.",
        "zh": "该签名仅限验证码场景使用。请为此模板改用其他签名。",
    },
    "PORT_NOT_REGISTERED": {
        "en": "The sign name's real-name filing with the carriers is not finished. See the sign"
        " names in the SMS console.",
        "zh": "签名在运营商的实名报备尚未完成。请在短信控制台的签名管理中查看。",
    },
    # The account: sending pauses until somebody resumes.
    "isv.AMOUNT_NOT_ENOUGH": {
        "en": "The account's balance is not enough. Top it up, then resume sending.",
        "zh": "账户余额不足。请充值后恢复发送。",
    },
    "isv.OUT_OF_SERVICE": {
        "en": "The SMS service is suspended for the account, usually for an unpaid bill. Settle it,"
        " then resume sending.",
        "zh": "账户的短信服务已停用（通常因欠费）。请处理后恢复发送。",
    },
    "isv.PRODUCT_UN_SUBSCRIPT isv.PRODUCT_UNSUBSCRIBE": {
        "en": "The account has not activated this SMS product. Activate it, then resume sending.",
        "zh": "账户未开通该短信产品。请开通后恢复发送。",
    },
    "isv.ACCOUNT_NOT_EXISTS": {
        "en": "The account does not exist. Check the key pair, then resume sending.",
        "zh": "账户不存在。请检查 AccessKey 后恢复发送。",
    },
    "isv.ACCOUNT_ABNORMAL": {
        "en": "The account is not in order. See the Alibaba Cloud console, then resume sending.",
        "zh": "账户状态异常。请在阿里云控制台查看并处理后恢复发送。",
    },
    "isv.SECURITY_FROZEN_ACCOUNT": {
        "en": "The account is frozen for security reasons. Ask the provider, then resume sending.",
        "zh": "账户因安全原因被冻结。请联系服务商处理后恢复发送。",
    },
    "isv.DENY_IP_RANGE": {
        "en": "The provider takes no calls from this IP address. Send from an address that it"
        " allows, then resume sending.",
        "zh": "服务商不接受来自该 IP 地址的请求。请改用允许的出口地址后恢复发送。",
    },
    "isv.DAY_LIMIT_CONTROL": {
        "en": "The account's own limit of texts a day is reached. Raise it in the SMS console or"
        " wait for tomorrow, then resume sending.",
        "zh": "已达账户设置的每日发送上限。请在短信控制台调高上限或等到次日，然后恢复发送。",
    },
    "isv.MONTH_LIMIT_CONTROL": {
        "en": "The account's own limit of texts a month is reached. Raise it in the SMS console or"
        " wait for the next month, then resume sending.",
        "zh": "已达账户设置的每月发送上限。请在短信控制台调高上限或等到下月，然后恢复发送。",
    },
    "isp.RAM_PERMISSION_DENY NoPermission Forbidden.*": {
        "en": "The key pair may not do this. Give it the permission, then resume sending.",
        "zh": "AccessKey 没有相应权限。请授权后恢复发送。",
    },
    "SignatureDoesNotMatch IncompleteSignature InvalidSignatureMethod": {
        "en": "The provider does not accept the call's signature. Check the key pair in its secret,"
        " then resume sending.",
        "zh": "服务商不接受请求的签名串。请检查保存的 AccessKey 是否正确，然后恢复发送。",
    },
    "InvalidAccessKeyId.*": {
        "en": "The access key does not exist or is disabled. Check the key pair in its secret, then"
        " resume sending.",
        "zh": "AccessKey 不存在或已停用。请检查保存的 AccessKey，然后恢复发送。",
    },
    "InvalidSecurityToken.* MissingSecurityToken": {
        "en": "The temporary key's token is missing, wrong or expired. Check the key pair in its"
        " secret, then resume sending.",
        "zh": "临时密钥的 SecurityToken 缺失、错误或已过期。请检查保存的 AccessKey，然后恢复发送。",
    },
    "InvalidTimeStamp.* smsdrop.ClockWasWrong": {
        "en": "The call's time stamp was refused: the sender's clock was wrong.",
        "zh": "请求的时间戳被拒绝：发送端的时钟不准。",
    },
    "InvalidVersion InvalidAction.NotFound InvalidApi.NotFound InvalidProduct.NotFound"
    " InvalidProtocol.NeedSsl UnsupportedHTTPMethod": {
        "en": "The address that calls go to does not offer this API. Check SmsEndpoint, then resume"
        " sending.",
        "zh": "请求的地址不提供该接口。请检查 SmsEndpoint，然后恢复发送。",
    },
    # Passing, or in doubt.
    "Throttling Throttling.*": {
        "en": "The provider wants fewer calls; the call is made again.",
        "zh": "请求过于频繁，已被服务商限流，将自动重试。",
    },
    "IS_CLOSE": {
        "en": "The carrier had closed the route for a while.",
        "zh": "运营商通道暂时关闭。",
    },
    "isp.SYSTEM_ERROR isp.GATEWAY_ERROR InternalError ServiceUnavailable": {
        "en": "The provider had a fault, and it is not certain whether the text was sent.",
        "zh": "服务商系统出错，无法确定短信是否发出。",
    },
    "SignatureNonceUsed": {
        "en": "The provider had taken this very call before; it is not certain whether the text was"
        " sent.",
        "zh": "服务商已收到过同一请求，无法确定短信是否发出。",
    },
    "DELIVERED": {
        "en": "The text was delivered.",
        "zh": "短信已送达。",
    },
    "REQUEST_SUCCESS": {
        "en": "The carrier took the text, but has not said whether it was delivered.",
        "zh": "运营商已接收，但尚未返回是否送达。",
    },
    "EXPIRED": {
        "en": "The carrier could not deliver the text in time.",
        "zh": "运营商未能在有效期内送达。",
    },
    "SP_UNKNOWN_ERROR": {
        "en": "The carrier gave an error that is not known.",
        "zh": "运营商返回未知错误。",
    },
    # Of template and sign name management; sending should meet none of them.
    "isv.SIGN_COUNT_OVER_LIMIT isv.SIGN_OVER_LIMIT": {
        "en": "The account has, or asks a day for, more sign names than the provider allows.",
        "zh": "签名数量超过服务商上限。",
    },
    "isv.TEMPLATE_COUNT_OVER_LIMIT isv.TEMPLATE_OVER_LIMIT": {
        "en": "The account has, or asks a day for, more templates than the provider allows.",
        "zh": "模板数量超过服务商上限。",
    },
    "isv.SIGN_FILE_LIMIT isv.ERROR_EMPTY_FILE": {
        "en": "The provider does not take the files of the sign name's application.",
        "zh": "签名申请的证明文件不符合要求。",
    },
    "isv.SMS_OVER_LIMIT": {
        "en": "The account sends more texts than the provider allows.",
        "zh": "短信发送量超过服务商上限。",
    },
    "isv.ERROR_SIGN_NOT_DELETE isv.ERROR_SIGN_NOT_MODIFY": {
        "en": "The sign name cannot be changed or deleted while it is under review.",
        "zh": "签名在审核中，不能修改或删除。",
    },
    "isv.ERROR_TEMPLATE_NOT_DELETE isv.ERROR_TEMPLATE_NOT_MODIFY": {
        "en": "The template cannot be changed or deleted in its present state.",
        "zh": "模板在当前状态下不能修改或删除。",
    },
    "isv.SHORTURL_* SHORTURL_* isv.SOURCEURL_OVER_LIMIT": {
        "en": "The provider does not take the short link, or the address behind it.",
        "zh": "短链接或其原始网址不符合服务商要求。",
    },
    "isv.PHONENUMBERS_OVER_LIMIT": {
        "en": "More numbers were given than the provider allows.",
        "zh": "号码数量超过服务商上限。",
    },
    # Our own.
    "smsdrop.Cancelled": {
        "en": "Cancelled by hand before it was sent.",
        "zh": "发送前已被人工取消。",
    },
    "smsdrop.PausedByHand": {
        "en": "Paused by hand.",
        "zh": "已被人工暂停。",
    },
    "smsdrop.Preview": {
        "en": "Not sent, since only a preview was asked for.",
        "zh": "仅作预览，未发送。",
    },
    "smsdrop.Test": {
        "en": "Judged only, and not sent: the file was tested, with texts to the stack's test"
        " numbers.",
        "zh": "仅作检查，未发送：此文件为测试，短信只发到系统的测试号码。",
    },
    "smsdrop.PastUntil": {
        "en": "Not sent by the time until which this file was to be sent.",
        "zh": "在此文件设定的截止时间之前未能发送，因此已取消。",
    },
    "smsdrop.Withdrawn": {
        "en": "The file was deleted or replaced before it was to be sent, so nothing of it was.",
        "zh": "文件在开始发送之前已被删除或替换，因此全部未发送。",
    },
    "smsdrop.WrongFile": {
        "en": "Too many rows of the file were rejected, so nothing of it was sent.",
        "zh": "文件中未通过检查的行过多，因此全部未发送。",
    },
    "smsdrop.ParsingFailed": {
        "en": "The file could not be queued to its end, so this row was not sent.",
        "zh": "文件未能全部进入队列，此行未发送。",
    },
    "smsdrop.TooOld": {
        "en": "It could not be sent, or confirmed, in the days that a campaign has.",
        "zh": "在规定的天数内未能发送或确认。",
    },
    "smsdrop.GaveUp": {
        "en": "Every attempt was lost on its way to the provider; none reached it.",
        "zh": "多次尝试均未到达服务商，已放弃发送。",
    },
    "smsdrop.Suppressed": {
        "en": "The number was put on a suppression list after the file had been judged and before"
        " its batch was called, so it was not texted.",
        "zh": "文件检查之后、所在批次发送之前，该号码被加入退订名单，因此未发送。",
    },
    "smsdrop.TooLarge": {
        "en": "On its way to the provider the call was refused as too large, with this row alone"
        " too; shorten its params.",
        "zh": "请求在到达服务商之前因过大被拒绝，仅含此行时亦然；请缩短变量内容。",
    },
    "smsdrop.NoAnswer": {
        "en": "The provider's answer was lost, and it can no longer be found out whether the text"
        " was sent.",
        "zh": "服务商的应答丢失，已无法确认短信是否发出。",
    },
    "smsdrop.NoCause": {
        "en": "The carrier did not deliver the text, and gave no cause.",
        "zh": "运营商未送达该短信，且未说明原因。",
    },
    "smsdrop.NotConnected": {
        "en": "The provider could not be reached; the call is made again.",
        "zh": "无法连接到服务商，将自动重试。",
    },
    "smsdrop.RefusedOnTheWay": {
        "en": "A proxy refuses the calls before they reach the provider. Check the proxy, then"
        " resume sending.",
        "zh": "请求在到达服务商之前被代理拒绝。请检查代理设置，然后恢复发送。",
    },
    "smsdrop.NoKeys": {
        "en": "The Alibaba Cloud key pair could not be read from its secret. Check what it holds.",
        "zh": "无法从密钥存储中读取阿里云 AccessKey。请检查其内容。",
    },
}
"""Each sentence by language, for codes; one that ends with an asterisk is a family."""

CODE_TEXTS: dict[str, dict[str, str]] = {
    code: texts for codes, texts in _TEXTS.items() for code in codes.split()
}

FAMILIES = tuple(code for code in CODE_TEXTS if code.endswith("*"))

WITH_CODE = {"en": "{} ({})", "zh": "{}（{}）"}
"""The code behind its sentence: support and search engines know it."""


def code_text(code: str, language: str) -> str:
    """Return the code's sentence with the code behind it; empty if it has none."""
    known = code if code in CODE_TEXTS else next(filter(partial(_is_of, code), FAMILIES), None)
    return WITH_CODE[language].format(CODE_TEXTS[known][language], code) if known else ""


def _is_of(code: str, family: str) -> bool:
    return code.startswith(family.removesuffix("*"))
