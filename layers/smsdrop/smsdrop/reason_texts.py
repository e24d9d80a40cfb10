"""Each reason's sentence, in English and Chinese."""

TEXTS: dict[str, dict[str, str]] = {
    # The file as a whole.
    "file_empty": {
        "en": "The file is empty. Put a header and at least one recipient into it.",
        "zh": "文件为空。请写入表头和至少一位收件人。",
    },
    "no_recipients": {
        "en": "The file has no recipients, only a header. Add a row for each recipient.",
        "zh": "文件没有收件人，只有表头。请为每位收件人添加一行。",
    },
    "no_recipients_in_sheet": {
        "en": "The sheet “{0}” was read, the first that is visible, and it has no recipients. Move"
        " the list's sheet to the front and drop the workbook again. Its other sheets: {1}",
        "zh": "只读取第一个可见的工作表“{0}”，其中没有收件人。"
        "请将名单所在的工作表移到最前面后重新上传。其他工作表：{1}",
    },
    "rows_hidden": {
        "en": "{0} rows of the sheet are hidden, by a filter perhaps, so nothing was sent. In"
        " Excel, show them (Data, Clear; or Unhide) or delete them, save, and drop it again. If"
        " they are meant too, drop it in a folder hidden=yes.",
        "zh": "工作表中有 {0} 行被隐藏（可能是筛选所致），因此全部未发送。"
        "请在 Excel 中清除筛选、取消隐藏或删除这些行，保存后重新上传；"
        "如隐藏的行也要发送，请上传到文件夹 隐藏行=是 中。",
    },
    "rows_disordered": {
        "en": "The workbook's rows are out of order: row {0} stands behind row {1} in the file."
        " Open it in Excel, save it and drop it again.",
        "zh": "工作簿中的行顺序混乱：第 {0} 行位于第 {1} 行之后。"
        "请在 Excel 中打开并保存后重新上传。",
    },
    "never_calculated": {
        "en": "The formula in cell {0} has never been calculated: a program wrote the workbook."
        " Open it in Excel, save it and drop it again.",
        "zh": "单元格 {0} 中的公式从未计算过（工作簿由程序生成）。"
        "请在 Excel 中打开并保存后重新上传。",
    },
    "no_visible_sheet": {
        "en": "The workbook has no visible sheet. Unhide the sheet with the recipients, save, and"
        " drop it again.",
        "zh": "工作簿中没有可见的工作表。请取消隐藏收件人所在的工作表，保存后重新上传。",
    },
    "not_text": {
        "en": "Row {0} cannot be read as text: it is not in UTF-8, UTF-16 or GB18030. Save the file"
        " as “CSV UTF-8” and drop it again.",
        "zh": "第 {0} 行不是 UTF-8、UTF-16 或 GB18030 编码的文本。"
        "请将文件另存为“CSV UTF-8”后重新上传。",
    },
    "encoding_unclear": {
        "en": "The letters of the file are in another encoding than UTF-8, UTF-16 or GB18030, such"
        " as Big5 or Windows-1252, or in several. Open it in Excel, check the letters, save it as"
        " “CSV UTF-8” and drop that.",
        "zh": "文件的编码不是 UTF-8、UTF-16 或 GB18030（可能是 Big5、Windows-1252 等），"
        "或混用了多种编码。请在 Excel 中打开并核对文字，另存为“CSV UTF-8”后重新上传。",
    },
    "format_unknown": {
        "en": "This is no list of recipients but a file of another kind ({0}). Save the list as"
        " Excel workbook (.xlsx) or as “CSV UTF-8” and drop it again.",
        "zh": "这不是收件人名单，而是其他类型的文件（{0}）。"
        "请将名单另存为 Excel 工作簿（.xlsx）或“CSV UTF-8”后重新上传。",
    },
    "file_broken": {
        "en": "The file is damaged, or protected by a password. Open it in Excel, save it as a new"
        " workbook (.xlsx) without a password, and drop that.",
        "zh": "文件已损坏或受密码保护。请在 Excel 中打开，"
        "另存为不带密码的新工作簿（.xlsx）后重新上传。",
    },
    "file_encrypted": {
        "en": "The file is protected by a password. Save it without one and drop it again.",
        "zh": "文件受密码保护。请取消密码并保存后重新上传。",
    },
    "gzip_broken": {
        "en": "The gzip file is damaged or incomplete. Pack the list again, or drop it unpacked.",
        "zh": "gzip 文件已损坏或不完整。请重新压缩，或直接上传未压缩的文件。",
    },
    "packed_twice": {
        "en": "The file is packed more than once. Pack the list once, or drop it unpacked.",
        "zh": "文件被压缩了多次。请只压缩一次，或直接上传未压缩的文件。",
    },
    "file_too_large": {
        "en": "Unpacked, the file has more than {0} MB. Split it, or remove what is not needed.",
        "zh": "文件解压后超过 {0} MB。请拆分文件或删除不需要的内容。",
    },
    "part_too_long": {
        "en": "A row or cell of the sheet is far too long for a list of recipients. Check that this"
        " is the right file.",
        "zh": "工作表中有一行或一个单元格过长，不像是收件人数据。请检查文件是否正确。",
    },
    "too_many_rows": {
        "en": "The file has more than {0} rows. Split it into several files.",
        "zh": "文件超过 {0} 行。请拆分为多个文件。",
    },
    "too_many_blank_rows": {
        "en": "The file has more than {0} blank rows. Delete them and drop it again.",
        "zh": "文件的空白行超过 {0} 行。请删除空白行后重新上传。",
    },
    "too_many_rejected": {
        "en": "{0} of {1} rows cannot be sent to, more than the {2} % that are allowed, so nothing"
        " was sent. Check that this is the right file; results.csv says what is wrong with each.",
        "zh": "{1} 行中有 {0} 行无法发送，超过允许的 {2}%，因此全部未发送。"
        "请检查文件是否正确；每行的原因见 results.csv。",
    },
    "json_not_lines": {
        "en": "The file is JSON, but not one object on each line. Write each recipient on a line of"
        ' its own, such as: {{"phone_number": "13800138000", "name": "Li"}}',
        "zh": "文件是 JSON，但不是每行一个对象。请让每位收件人占一行，例如："
        '{{"phone_number": "13800138000", "name": "李"}}',
    },
    "quote_unbalanced": {
        "en": 'Row {0} cannot be read: a quotation mark (") opens in it without closing, or a cell'
        " is far too long. Mend or remove the mark and drop the file again.",
        "zh": '第 {0} 行无法读取：引号（"）没有成对，或单元格过长。请修正或删除引号后重新上传。',
    },
    "rows_swallowed": {
        "en": 'Row {0} seems to swallow the rows after it: a quotation mark (") opens in it and'
        " closes only in a later row. Mend or remove the mark and drop the file again.",
        "zh": '第 {0} 行似乎吞掉了后面的行：其中的引号（"）到后面的行才闭合。'
        "请修正或删除引号后重新上传。",
    },
    "row_too_long": {
        "en": "Row {0} is far too long for a row of recipients. Check that this is the right file.",
        "zh": "第 {0} 行过长，不像是收件人数据。请检查文件是否正确。",
    },
    "too_many_columns": {
        "en": "The header has {0} columns; at most {1} are read. Remove those that are not needed.",
        "zh": "表头有 {0} 列，最多可读取 {1} 列。请删除不需要的列。",
    },
    "header_missing": {
        "en": "The first row is data already. Put a header above it, such as: phone_number,name",
        "zh": "第一行已经是数据。请在其上方添加表头，例如：手机号,name",
    },
    "header_unreadable": {
        "en": "The name of column {0} holds invisible control characters. Type the name again.",
        "zh": "{0} 列的列名含有不可见的控制字符。请重新输入列名。",
    },
    "no_recipient_column": {
        "en": "No column holds the phone numbers. Name it phone_number. The columns found: {names}",
        "zh": "没有手机号列。请将该列命名为“手机号”。找到的列：{names}",
    },
    "no_recipient_column_in_sheet": {
        "en": "The sheet “{0}” was read, the first that is visible, and no column of it holds the"
        " phone numbers (found: {2}). Move the list's sheet to the front, or name its column"
        " phone_number, and drop the workbook again. Its other sheets: {1}",
        "zh": "只读取第一个可见的工作表“{0}”，其中没有手机号列（找到的列：{2}）。"
        "请将名单所在的工作表移到最前面，或将手机号所在列命名为“手机号”，"
        "然后重新上传。其他工作表：{1}",
    },
    "header_lower_down": {
        "en": "Row {1}, the first, names no column of phone numbers; the header seems to stand in"
        " row {0}. Delete the rows above it and drop the file again.",
        "zh": "首行（第 {1} 行）中没有手机号列，表头似乎在第 {0} 行。请删除其上方的行后重新上传。",
    },
    "header_lower_down_in_sheet": {
        "en": "In the sheet “{2}”, the first that is visible, row {1} names no column of phone"
        " numbers; the header seems to stand in row {0}. Delete the rows above it and drop the"
        " workbook again, or move the list's sheet to the front. Its other sheets: {3}",
        "zh": "第一个可见的工作表“{2}”的首行（第 {1} 行）中没有手机号列，表头似乎在第 {0} 行。"
        "请删除其上方的行，或将名单所在的工作表移到最前面，然后重新上传。其他工作表：{3}",
    },
    "two_recipient_columns": {
        "en": "Several columns could hold the phone numbers: {names}. Keep or rename one.",
        "zh": "有多列可能是手机号：{names}。请只保留一列，或修改其他列名。",
    },
    "two_sign_name_columns": {
        "en": "Several columns could hold the sign name: {names}. Keep or rename one.",
        "zh": "有多列可能是签名：{names}。请只保留一列，或修改其他列名。",
    },
    "two_extend_code_columns": {
        "en": "Several columns could hold the extend code: {names}. Keep or rename one.",
        "zh": "有多列可能是扩展码：{names}。请只保留一列，或修改其他列名。",
    },
    "two_param_columns": {
        "en": "Two columns have the same name: {0}. Keep or rename one.",
        "zh": "有两列同名：{0}。请只保留一列，或修改其中一个列名。",
    },
    "header_differs": {
        "en": "Row {0} is a header again, with the columns in another order or of other names, so"
        " several lists seem to be in one file. In Excel, save each as a file of its own, or put"
        " all columns into the first one's order.",
        "zh": "第 {0} 行又是表头，但列的顺序或名称与第一行不同，文件似乎包含多份名单。"
        "请在 Excel 中分别保存为不同的文件，或将各列调整为与第一个表头一致。",
    },
    "folder_is_no_template_code": {
        "en": "The folder {0} is not a template code such as SMS_154950909. Drop the file in"
        " incoming/<template code>/<sign name>/, or in incoming/ itself for the defaults.",
        "zh": "文件夹“{0}”不是模板 CODE（例如 SMS_154950909）。"
        "请上传到 incoming/<模板 CODE>/<签名>/，或直接上传到 incoming/ 使用默认设置。",
    },
    "too_many_folders": {
        "en": "A folder is one too many, neither template code nor sign name nor setting: {names}."
        " Drop the file in incoming/<template code>/<sign name>/, with folders such as"
        " start=2026-12-01T1000 for settings.",
        "zh": "目录层级过深，多了一层既非模板 CODE 或签名、也非设置的文件夹：{names}。"
        "请上传到 incoming/<模板 CODE>/<签名>/，如需设置，另加文件夹，例如 开始=2026-12-01T1000。",
    },
    "no_template_code": {
        "en": "Neither the path nor the stack names a template code. Drop the file in"
        " incoming/<template code>/.",
        "zh": "路径和系统默认设置中都没有模板 CODE。请上传到 incoming/<模板 CODE>/。",
    },
    "setting_unknown": {
        "en": "The folder {0} is no setting that smsdrop knows, so nothing was sent. The settings"
        " are start, until, window, approve, only, again, hidden and canary, as in"
        " start=2026-12-01T1000 without spaces in the name. Correct or remove the folder, and drop"
        " the file again.",
        "zh": "文件夹“{0}”不是可识别的设置，因此全部未发送。可用的设置有：开始、截止、时段、"
        "审批、仅、重发、隐藏行、试投，写法如 开始=2026-12-01T1000，等号前不要有空格。"
        "请改正或去掉该文件夹后重新上传。",
    },
    "setting_twice": {
        "en": "The folders {0} and {1} are the same setting, so nothing was sent. Keep one of them,"
        " and drop the file again.",
        "zh": "文件夹“{0}”和“{1}”是同一项设置，因此全部未发送。请只保留一个后重新上传。",
    },
    "setting_wrong": {
        "en": "What the folder {0} says is not understood, so nothing was sent. Write it as in {1},"
        " or leave the folder out, and drop the file again.",
        "zh": "无法识别文件夹“{0}”中设置的值，因此全部未发送。"
        "请按“{1}”的写法改正，或去掉该文件夹，然后重新上传。",
    },
    "setting_past": {
        "en": "By the folder {0} a time is meant that had passed when the file was dropped, so"
        " nothing was sent. Write a later time, in Beijing time, or leave the folder out, and drop"
        " the file again.",
        "zh": "文件夹“{0}”指定的时间在上传时已经过去，因此全部未发送。"
        "请改为之后的时间（北京时间），或去掉该文件夹，然后重新上传。",
    },
    "until_before_start": {
        "en": "The end {0} is not after the start {1}, so nothing was sent. Write a later end, in"
        " Beijing time, and drop the file again.",
        "zh": "“{0}”不晚于“{1}”，因此全部未发送。请将截止时间改到开始时间之后（北京时间），"
        "然后重新上传。",
    },
    "setting_without_sign": {
        "en": "The folder {0} seems to be a setting, but is not written as one, so nothing was"
        " sent. Write it as in start=2026-12-01T1000 or window=0900-2000, and drop the file again.",
        "zh": "文件夹“{0}”像是一项设置，但写法不对，因此全部未发送。请按 开始=2026-12-01T1000 或"
        " 时段=0900-2000 的写法改正后重新上传。",
    },
    "setting_is_file": {
        "en": "The file itself is called {0}, as a setting; only a folder can be one, so nothing"
        " was sent. Put the file into a folder of that name, or rename it.",
        "zh": "文件本身的名称“{0}”写成了设置，而设置只能是文件夹，因此全部未发送。"
        "请建立该名称的文件夹并把文件放入其中，或将文件改名。",
    },
    "start_too_late": {
        "en": "By the folder {0} the file would start so late that it, or what is known of it, is"
        " deleted before all is sent; so nothing was sent. The latest start is {1} Beijing time,"
        " by the stack's RetentionDays and MaxAgeDays.",
        "zh": "按文件夹“{0}”开始得太晚，发送完成前文件或其记录就会被删除，因此全部未发送。"
        "最晚可在北京时间 {1} 开始（由 RetentionDays 和 MaxAgeDays 决定）。",
    },
    "never_open": {
        "en": "Texts of this file may go out only in the hours {0}, and none of these is between"
        " its start and its end {1}, so nothing was sent. Write a later end, in Beijing time, and"
        " drop the file again.",
        "zh": "此文件只能在 {0} 时段发送，而从开始到“{1}”之间没有可发送的时间，因此全部未发送。"
        "请将截止时间改晚（北京时间）后重新上传。",
    },
    "window_outside_promo": {
        "en": "The template is a promotion, whose texts go out only in the hours {1}, and none of"
        " these is in {0}; so nothing was sent. Write hours within {1}, in Beijing time, or leave"
        " the folder out, and drop the file again.",
        "zh": "该模板为推广短信模板，只能在 {1} 时段发送，与“{0}”没有重叠，因此全部未发送。"
        "请将时段改到 {1} 之内（北京时间），或去掉该文件夹，然后重新上传。",
    },
    "canary_without_receipts": {
        "en": "By {0} some recipients were to go ahead, and the others to wait for their receipts;"
        " but none are looked up here (Receipts is off), so nothing was sent. Have Receipts"
        " switched on, or leave the setting out, and drop the file again.",
        "zh": "“{0}”要求先试投、看回执后再发送其余部分，但系统未开启回执查询（Receipts 为 off），"
        "因此全部未发送。请开启 Receipts，或去掉该设置，然后重新上传。",
    },
    "preview": {
        "en": "By the folder {0} this was a preview: nothing was sent. Without it {1} recipients"
        " would have been sent to; {2} rows are duplicates and {3} rejected. To send, drop the file"
        " without that folder.",
        "zh": "按文件夹“{0}”仅作预览，没有发送。如去掉该文件夹，将向 {1} 位收件人发送；"
        "另有 {2} 行重复、{3} 行未通过检查。如需发送，请将文件上传到不含该文件夹的路径。",
    },
    # Why a campaign waits.
    "waits_paused": {
        "en": "A person has paused it. To let it go on, put an object of any content, or make a"
        " folder, at orders/resume/{0}. To end it, do the same at orders/cancel/{0}.",
        "zh": "已被人工暂停。如需继续，请在存储桶中上传任意文件到 orders/resume/{0}，"
        "或新建该名称的文件夹；如需取消，请用 orders/cancel/{0}。",
    },
    "waits_approval": {
        "en": "It waits until somebody else than the one who dropped the file approves of it: by an"
        " object of any content, or a folder, at orders/approve/{0}. To end it, do the same at"
        " orders/cancel/{0}.",
        "zh": "等待审批：须由上传者以外的人在存储桶中上传任意文件到 orders/approve/{0}，"
        "或新建该名称的文件夹；如需取消，请用 orders/cancel/{0}。",
    },
    "waits_lists": {
        "en": "It is not judged or sent before the suppression lists can all be read: correct the"
        " list that its report.html names, or delete it from suppressed/. The file is taken up"
        " again by itself within a quarter of an hour.",
        "zh": "退订名单无法使用，在其修正之前不解析、也不发送该文件。"
        "请按 report.html 所示修正该名单，或将其从 suppressed/ 中删除，"
        "该文件会在 15 分钟内自动继续处理。",
    },
    "waits_canary_first": {
        "en": "Its first batches were sent, and the others wait for the receipts, which are looked"
        " up within some minutes. To let the others follow now, put an object of any content, or"
        " make a folder, at orders/resume/{0}. To end it, do the same at orders/cancel/{0}.",
        "zh": "试投：已先向前一部分收件人发送，其余部分等待回执，几分钟内开始查询。"
        "如需立即发送其余部分，请在存储桶中上传任意文件到 orders/resume/{0}，或新建该名称的文件夹；"
        "如需取消，请用 orders/cancel/{0}。",
    },
    "waits_canary": {
        "en": "{1} recipients went ahead, and the others wait for their receipts: {2} were"
        " delivered, {3} not, {4} have no receipt yet. The others follow by themselves once {5} %"
        " have one and {6} % of these were delivered. To let them follow now, put an object of any"
        " content, or make a folder, at orders/resume/{0}. To end it, do the same at"
        " orders/cancel/{0}.",
        "zh": "试投：已先向 {1} 位收件人发送，其余部分等待回执：送达 {2}，未送达 {3}，"
        "尚无回执 {4}。有回执的达到 {5}% 且其中 {6}% 送达后，其余部分自动发送。"
        "如需立即发送其余部分，请在存储桶中上传任意文件到 orders/resume/{0}，"
        "或新建该名称的文件夹；如需取消，请用 orders/cancel/{0}。",
    },
    "waits_canary_failed": {
        "en": "Of {1} recipients that went ahead {2} were delivered, {3} not, and {4} have no"
        " receipt. The others would have followed by themselves if within an hour {5} % had one"
        " and {6} % of these were delivered; now they wait for a person. To let them follow, put"
        " an object of any content, or make a folder, at orders/resume/{0}. To end it, do the same"
        " at orders/cancel/{0}.",
        "zh": "试投未通过：先发送的 {1} 位收件人中，送达 {2}，未送达 {3}，无回执 {4}；"
        "须在一小时内有 {5}% 得到回执，且其中 {6}% 送达，其余部分才会自动发送。"
        "现等待人工处理：如需发送其余部分，请在存储桶中上传任意文件到 orders/resume/{0}，"
        "或新建该名称的文件夹；如需取消，请用 orders/cancel/{0}。",
    },
    "waits_canary_unseen": {
        "en": "Its first batches were sent, but for an hour nobody could look up their receipts;"
        " the others wait for a person. To let them follow, put an object of any content, or make"
        " a folder, at orders/resume/{0}. To end it, do the same at orders/cancel/{0}.",
        "zh": "试投部分已发送，但一小时内未能查询到回执，其余部分等待人工处理。"
        "如需发送其余部分，请在存储桶中上传任意文件到 orders/resume/{0}，"
        "或新建该名称的文件夹；如需取消，请用 orders/cancel/{0}。",
    },
    "waits_canary_unasked": {
        "en": "Its first batches were sent, but the key pair may not ask for their receipts ({1});"
        " the others wait for a person. To let them follow, put an object of any content, or make"
        " a folder, at orders/resume/{0}. To end it, do the same at orders/cancel/{0}.",
        "zh": "试投部分已发送，但密钥无权查询回执（{1}），其余部分等待人工处理。"
        "如需发送其余部分，请在存储桶中上传任意文件到 orders/resume/{0}，"
        "或新建该名称的文件夹；如需取消，请用 orders/cancel/{0}。",
    },
    "waits_start": {
        "en": "It waits for its start and begins by itself, at {1} Beijing time. To end it before,"
        " put an object of any content, or make a folder, at orders/cancel/{0}.",
        "zh": "尚未到开始时间，将于北京时间 {1} 自动开始发送。如需提前取消，"
        "请在存储桶中上传任意文件到 orders/cancel/{0}，或新建该名称的文件夹。",
    },
    "waits_window": {
        "en": "Its texts go out only in the hours {2}, and it goes on by itself at {1} Beijing"
        " time. To end it before, put an object of any content, or make a folder, at"
        " orders/cancel/{0}.",
        "zh": "只能在 {2} 时段发送，将于北京时间 {1} 自动发送。如需提前取消，"
        "请在存储桶中上传任意文件到 orders/cancel/{0}，或新建该名称的文件夹。",
    },
    "waits_stack": {
        "en": "Sending is paused for the whole stack, by a person, or since the account or its keys"
        " need one. What has not been sent goes on once somebody resumes it: by an object of any"
        " content, or a folder, at orders/resume/stack.",
        "zh": "整个系统已暂停发送：由人工暂停，或因账户、密钥需要处理。处理后请在存储桶中上传"
        "任意文件到 orders/resume/stack，或新建该名称的文件夹，未发送的部分将继续发送。",
    },
    "waits_in_vain": {
        "en": "The hours in which its texts may go out do not come again before its end at {1}"
        " Beijing time; what has not been sent is cancelled then. To end it now, put an object of"
        " any content, or make a folder, at orders/cancel/{0}.",
        "zh": "在截止时间（北京时间 {1}）之前不再有可发送的时段，届时未发送的部分将被取消。"
        "如需立即取消，请在存储桶中上传任意文件到 orders/cancel/{0}，或新建该名称的文件夹。",
    },
    "test": {
        "en": "This was a test: {0} texts of the first rows were for the stack's test numbers, and"
        " results.csv has them last. The file's own rows were judged only: {1} recipients would be"
        " sent to, {2} rows are duplicates and {3} rejected. To send, drop the file without the"
        " folder only=test.",
        "zh": "这是一次测试：用前几行的内容向系统的测试号码发送 {0} 条短信（见 results.csv 末尾）。"
        "文件本身的各行只作检查：将向 {1} 位收件人发送，另有 {2} 行重复、{3} 行未通过检查。"
        "如需发送，请将文件上传到不含文件夹 仅=测试 的路径。",
    },
    "test_numbers_missing": {
        "en": "By the folder {0} this was to be a test, but the stack has no test numbers, so"
        " nothing was sent. Have them set as its parameter TestNumbers, or use only=preview.",
        "zh": "按文件夹“{0}”应发送测试短信，但系统没有设置测试号码，因此全部未发送。"
        "请在参数 TestNumbers 中设置，或改用 仅=预览。",
    },
    "test_without_rows": {
        "en": "The file has no row with a mainland number that can be sent to, so there is no text"
        " to test with, and nothing was sent.",
        "zh": "文件中没有可发送的大陆手机号，无法生成测试短信，因此全部未发送。",
    },
    "duplicate_file": {
        "en": "Campaign {0} had the same content, so it is not sent again. If you mean it, drop the"
        " file in a folder again=2026-12, or with another word that was not used for this content"
        " before.",
        "zh": "任务 {0} 的内容与此文件相同，因此不再发送。如确需再次发送，请将文件上传到文件夹"
        " 重发=2026-12 中，等号后为该内容未用过的标记。",
    },
    "duplicate_in_vain": {
        "en": "Campaign {0} had the same content, template code and sign name, so this file was"
        " held back; but that campaign has texted nobody. Drop the file again to send it.",
        "zh": "任务 {0} 的内容、模板 CODE 和签名与此文件完全相同，因此未发送此文件；"
        "但该任务最终未向任何人发送。如需发送，请重新上传此文件。",
    },
    "repeated": {
        "en": "All messages of this file were sent before, or are being sent, in these campaigns:"
        " {names}. So nothing is sent again; results.csv names the campaign of each row. If you"
        " mean it, drop the file in a folder again=2026-12, or with another word that was not used"
        " for it before.",
        "zh": "此文件的所有短信此前已由以下任务发送（或正在发送）：{names}。因此不再重复发送，"
        "每行对应的任务见 results.csv。如确需再次发送，请将文件上传到文件夹"
        " 重发=2026-12 中，等号后为此前未用过的标记。",
    },
    "repeated_in_vain": {
        "en": "Campaign {0} was to send all messages of this file, so it was held back; but that"
        " campaign has texted nobody. Drop the file again to send it.",
        "zh": "此文件的所有短信本应由任务 {0} 发送，因此未发送此文件；"
        "但该任务最终未向任何人发送。如需发送，请重新上传此文件。",
    },
    "template_unknown": {
        "en": "The account has no template {0}. Check the code in the file's path.",
        "zh": "账号下没有模板 {0}。请检查文件路径中的模板 CODE。",
    },
    "template_pending": {
        "en": "Template {0} is still under review. Drop the file again once it is approved.",
        "zh": "模板 {0} 仍在审核中。请在审核通过后重新上传文件。",
    },
    "template_rejected": {
        "en": "Template {0} was not approved. Mend it in the SMS console, or use another.",
        "zh": "模板 {0} 未通过审核。请在短信控制台修改，或改用其他模板。",
    },
    "template_cancelled": {
        "en": "The review of template {0} was cancelled. Submit it again, or use another.",
        "zh": "模板 {0} 的审核已取消。请重新提交审核，或改用其他模板。",
    },
    "sign_names_unknown": {
        "en": "The account does not have these sign names. Check the file's path or its column:"
        " {names}",
        "zh": "账号下没有以下签名，请检查文件路径或签名列：{names}",
    },
    "sign_names_pending": {
        "en": "These sign names are still under review. Drop the file again once they are approved:"
        " {names}",
        "zh": "以下签名仍在审核中，请在审核通过后重新上传文件：{names}",
    },
    "sign_names_rejected": {
        "en": "These sign names were not approved. Correct them in the SMS console, or use others:"
        " {names}",
        "zh": "以下签名未通过审核，请在短信控制台修改，或改用其他签名：{names}",
    },
    "sign_names_cancelled": {
        "en": "The review of these sign names was cancelled. Submit them again, or use others:"
        " {names}",
        "zh": "以下签名的审核已取消，请重新提交审核，或改用其他签名：{names}",
    },
    "variables_missing": {
        "en": "The template needs columns of exactly these names, which the file lacks: {names}",
        "zh": "模板需要以下列，而文件中没有（列名须完全一致）：{names}",
    },
    "file_gone": {
        "en": "The file was deleted before it was read, so nothing was sent. Drop it again if it is"
        " to be sent.",
        "zh": "文件在读取之前已被删除，因此没有发送。如仍需发送，请重新上传。",
    },
    "file_archived": {
        "en": "The file lies in an archive storage class (such as Glacier), where it cannot be read"
        " at once. Drop it again with the storage class Standard.",
        "zh": "文件为归档存储类型（如 Glacier），无法直接读取。请以标准存储类型重新上传。",
    },
    "file_key_withheld": {
        "en": "The file is encrypted with a key that only its uploader has (SSE-C), so it cannot be"
        " read. Drop it again without a key.",
        "zh": "文件使用上传者自带的密钥加密（SSE-C），无法读取。请不指定密钥重新上传。",
    },
    "file_key_forbidden": {
        "en": "The file is encrypted with a KMS key that smsdrop may not use ({0}). Drop it again"
        " without choosing a key.",
        "zh": "文件使用了 smsdrop 无权使用的 KMS 密钥加密（{0}）。请不指定密钥重新上传。",
    },
    "parsing_failed": {
        "en": "The file could not be processed, though it was tried again. Drop it once more; if"
        " that fails too, show this report to an engineer.",
        "zh": "多次尝试后仍无法处理该文件。请重新上传；如仍失败，请将此报告交给技术人员。",
    },
    # A problem that refuses nothing.
    "nameless_column": {
        "en": "Column {0} has no name, so it was ignored; {1} rows have data in it.",
        "zh": "{0} 列没有列名，已忽略；其中 {1} 行有数据。",
    },
    "header_again": {
        "en": "These rows are the header again, so they were skipped: {names}",
        "zh": "以下各行与表头相同，已跳过：{names}",
    },
    "columns_superfluous": {
        "en": "The template has no variable for these columns, so they were not sent: {names}",
        "zh": "模板中没有与以下列对应的变量，因此未发送：{names}",
    },
    "template_one_time_password": {
        "en": "Template {0} is for verification codes; the provider advises to send those one by"
        " one, not in batches.",
        "zh": "模板 {0} 为验证码模板；服务商建议逐条发送验证码，而不是批量发送。",
    },
    "template_unchecked": {
        "en": "Template {0} was not checked before sending, since the provider could not be asked"
        " ({1}). If the key lacks the permission dysms:GetSmsTemplate, allow it, or set"
        " CheckTemplates to off.",
        "zh": "发送前无法向服务商查询模板 {0}（{1}），因此未作检查。如 AccessKey 缺少"
        " dysms:GetSmsTemplate 权限，请授权，或将 CheckTemplates 设为 off。",
    },
    "hours_unchecked": {
        "en": "Whether the template is a promotion is not known, since it was not checked, so texts"
        " may go out at any hour. Promotions go out only in the hours {0}: drop such a file in a"
        " folder window={0}.",
        "zh": "模板未作检查，无法得知是否为推广短信，因此可能在任何时间发送。"
        "推广短信只应在 {0} 时段发送：此类文件请上传到文件夹 时段={0} 中。",
    },
    "sign_names_unchecked": {
        "en": "Sign name {0} was not checked before sending, nor any after it, since the provider"
        " could not be asked ({1}). If the key lacks the permission dysms:GetSmsSign, allow it, or"
        " set CheckTemplates to off.",
        "zh": "发送前无法向服务商查询签名 {0}（{1}），因此未检查该签名及其后的签名。"
        "如 AccessKey 缺少 dysms:GetSmsSign 权限，请授权，或将 CheckTemplates 设为 off。",
    },
    "rows_suppressed": {
        "en": "{0} rows have numbers on the suppression list {1}, so they are not sent to.",
        "zh": "有 {0} 行的号码在退订名单 {1} 中，因此不发送。",
    },
    "list_unusable": {
        "en": "The suppression list {0} cannot be used; what is wrong with that file:",
        "zh": "退订名单 {0} 无法使用，该文件的问题如下：",
    },
    "list_of_no_numbers": {
        "en": "The suppression list {0} cannot be used: {1} of its {2} rows hold no phone number.",
        "zh": "退订名单 {0} 无法使用：共 {2} 行，其中 {1} 行没有有效的手机号。",
    },
    "list_rows_without_number": {
        "en": "In the suppression list {0}, {1} of {2} rows hold no phone number and were ignored.",
        "zh": "退订名单 {0} 共 {2} 行，其中 {1} 行没有有效的手机号，已忽略。",
    },
    "lists_too_large": {
        "en": "The suppression lists hold more than {0} numbers together; leave some out.",
        "zh": "退订名单合计超过 {0} 个号码，请删减。",
    },
    "lists_too_many": {
        "en": "There are {0} suppression lists, and at most {1} can be used; put some into one.",
        "zh": "退订名单共 {0} 个，最多支持 {1} 个，请合并。",
    },
    "lists_of_promotions": {
        "en": "The template's type is not known, so the suppression lists for promotions were"
        " applied too.",
        "zh": "无法确认模板类型，因此也使用了推广短信的退订名单。",
    },
    "rows_had_before": {
        "en": "{0} rows are messages that campaign {1} has sent, or may still send, so they are not"
        " sent again.",
        "zh": "有 {0} 行短信已由任务 {1} 发送（或正在发送），因此不再重复发送。",
    },
    "repeats_plan_gone": {
        "en": "What campaign {0} sent could not be read any more, so the rows were not compared"
        " with it; some may have been sent twice.",
        "zh": "任务 {0} 的发送计划已无法读取，因此未与其比对，部分短信可能重复发送。",
    },
    "repeats_too_many": {
        "en": "Earlier campaigns have too many messages to compare with them all: the rows were not"
        " compared with campaign {0} and those before it.",
        "zh": "此前各任务的短信过多，无法全部比对：未与任务 {0} 及更早的任务比对。",
    },
    "sign_names_many": {
        "en": "The file has more than {0} sign names; only the first {0} were checked before"
        " sending.",
        "zh": "文件中的签名超过 {0} 个，发送前只检查了前 {0} 个。",
    },
    "sign_names_unfiled_mobile": {
        "en": "These sign names have no valid real-name filing with China Mobile, which may block"
        " their texts though the provider accepts them. See the sign names in the SMS console:"
        " {names}",
        "zh": "以下签名在中国移动的实名报备尚未生效，短信即使提交成功也可能被该运营商拦截。"
        "请在短信控制台的签名管理中查看报备状态：{names}",
    },
    "sign_names_unfiled_unicom": {
        "en": "These sign names have no valid real-name filing with China Unicom, which may block"
        " their texts though the provider accepts them. See the sign names in the SMS console:"
        " {names}",
        "zh": "以下签名在中国联通的实名报备尚未生效，短信即使提交成功也可能被该运营商拦截。"
        "请在短信控制台的签名管理中查看报备状态：{names}",
    },
    "sign_names_unfiled_telecom": {
        "en": "These sign names have no valid real-name filing with China Telecom, which may block"
        " their texts though the provider accepts them. See the sign names in the SMS console:"
        " {names}",
        "zh": "以下签名在中国电信的实名报备尚未生效，短信即使提交成功也可能被该运营商拦截。"
        "请在短信控制台的签名管理中查看报备状态：{names}",
    },
    "sign_names_unfiled": {
        "en": "These sign names have no valid real-name filing with some carrier, which may block"
        " their texts though the provider accepts them. See the sign names in the SMS console:"
        " {names}",
        "zh": "以下签名在部分运营商的实名报备尚未生效，短信即使提交成功也可能被其拦截。"
        "请在短信控制台的签名管理中查看报备状态：{names}",
    },
    "keys_unreadable": {
        "en": "Template and sign names were not checked before sending, since the Alibaba Cloud key"
        " pair could not be read from its secret ({0}). Texts go out once it can be: check what the"
        " secret holds, and whether it may be read.",
        "zh": "无法从密钥存储中读取阿里云 AccessKey（{0}），因此发送前未检查模板和签名。"
        "AccessKey 可读取后短信才会发出，请检查其内容和读取权限。",
    },
    "plan_gone": {
        "en": "What was written down of the file's rows is gone or was changed, so there is no"
        " results.csv; the numbers here are those of the ledger. Rows that were not sent cannot be"
        " told apart any more: ask an engineer before you drop the file again.",
        "zh": "系统保存的逐行记录已丢失或被修改，因此没有 results.csv；此处的数字来自台账。"
        "已无法区分哪些行未发送，重新上传文件前请咨询技术人员。",
    },
    "other_sheets": {
        "en": "Only the sheet “{0}” was read, the first that is visible; {1} others were not.",
        "zh": "只读取了第一个可见的工作表“{0}”，其余 {1} 个未读取。",
    },
    "hidden_rows": {
        "en": "{0} rows are hidden in the sheet, by a filter perhaps; they were read like others.",
        "zh": "工作表中有 {0} 行被隐藏（可能是筛选所致），这些行也已读取。",
    },
    "workbook_too_large": {
        "en": "These rows are too many, or too long, for a workbook. They are in {0}.",
        "zh": "行数过多或内容过长，无法写入工作簿。完整内容见 {0}。",
    },
    # What became of a row that was accepted; codes have their sentences in `code_texts`.
    "duplicate": {
        "en": "Row {0} has the same number, and is the one that counts.",
        "zh": "与第 {0} 行号码相同，以该行为准。",
    },
    "sent_before": {
        "en": "By its smsdrop_status ({0}), an earlier campaign has sent to this row, or may have."
        " To send again, put the row in Excel into a file without that column.",
        "zh": "smsdrop_status 列（{0}）表明之前的任务已发送或可能已发送此行，因此不再发送。"
        "如需再次发送，请在 Excel 中将该行存入不含此列的文件。",
    },
    "had_before": {
        "en": "Campaign {0}, dropped on {1} Beijing time, had this very message for this number, so"
        " it is not sent again. What became of it is in that campaign's report.",
        "zh": "任务 {0}（北京时间 {1} 上传）中已有发往该号码的相同短信，因此不再发送。"
        "发送结果见该任务的报告。",
    },
    "suppressed": {
        "en": "The number is on the suppression list {0}, so it is not sent to.",
        "zh": "该号码在退订名单 {0} 中，因此不发送。",
    },
    "sent_twice": {
        "en": "The provider listed a first text only after a second had been sent: sent twice.",
        "zh": "服务商在第二次发送之后才列出第一次的发送记录：共发送了两次。",
    },
    # What became of an order.
    "order_unknown": {
        "en": "“{0}” is no order; nothing was changed. The orders are pause, resume, cancel and"
        " approve.",
        "zh": "没有“{0}”这个指令，未作任何更改。可用的指令：pause、resume、cancel、approve。",
    },
    "order_without_what": {
        "en": "The order {0} names no campaign; nothing was changed. Name a campaign id, or the"
        " path of its file below incoming/.",
        "zh": "指令 {0} 没有指明任务，未作任何更改。请写明任务 ID，或文件在 incoming/ 下的路径。",
    },
    "order_campaign_unknown": {
        "en": "There is no campaign {0}; nothing was changed.",
        "zh": "没有任务 {0}，未作任何更改。",
    },
    "order_file_unknown": {
        "en": "No campaign of the file “{0}” is open; nothing was changed. Check the path below"
        " incoming/. If the campaign has ended, its report says how.",
        "zh": "文件“{0}”没有进行中的任务，未作任何更改。请检查 incoming/ 下的路径；"
        "如任务已结束，结果见其报告。",
    },
    "order_ambiguous": {
        "en": "Several campaigns of this file are open, so nothing was changed. Give the order for"
        " one of them by its id: {names}",
        "zh": "该文件有多个进行中的任务，因此未作任何更改。请用任务 ID 指明其中一个：{names}",
    },
    "order_ended": {
        "en": "Campaign {0} has ended ({1}); nothing about it can be changed any more.",
        "zh": "任务 {0} 已结束（{1}），无法再更改。",
    },
    "order_closing": {
        "en": "Everything of campaign {0} has come to its end, and its report is being written;"
        " nothing about it can be changed any more.",
        "zh": "任务 {0} 已全部处理完毕，正在生成报告，无法再更改。",
    },
    "order_halted": {
        "en": "Campaign {0} was stopped before ({1}); nothing more of it is sent.",
        "zh": "任务 {0} 此前已停止（{1}），不会再发送。",
    },
    "order_left": {
        "en": "Campaign {0} was begun by a later release of smsdrop; this one changes nothing about"
        " it.",
        "zh": "任务 {0} 由更新版本的 smsdrop 处理，当前版本未作任何更改。",
    },
    "order_late": {
        "en": "A later order for campaign {0} was followed before, so this one changes nothing.",
        "zh": "任务 {0} 已执行了更晚发出的指令，因此本指令不起作用。",
    },
    "order_paused": {
        "en": "Campaign {0} is paused. Calls that are under way are finished; no other begins until"
        " it is resumed.",
        "zh": "任务 {0} 已暂停。正在进行的请求会完成，恢复之前不再发起新的请求。",
    },
    "order_paused_already": {
        "en": "Campaign {0} was paused before, by {1}.",
        "zh": "任务 {0} 此前已由 {1} 暂停。",
    },
    "order_resumed": {
        "en": "Campaign {0} is no longer paused.",
        "zh": "任务 {0} 已解除暂停。",
    },
    "order_not_paused": {
        "en": "Campaign {0} was not paused.",
        "zh": "任务 {0} 没有被暂停。",
    },
    "order_cancelled": {
        "en": "Campaign {0} is cancelled. Calls that are under way are finished; nothing else of it"
        " is sent. Its report comes once every batch has come to its end.",
        "zh": "任务 {0} 已取消。正在进行的请求会完成，其余不再发送。全部处理完毕后生成报告。",
    },
    "order_cancelled_already": {
        "en": "Campaign {0} was cancelled before.",
        "zh": "任务 {0} 此前已取消。",
    },
    "order_approved": {
        "en": "Campaign {0} is approved.",
        "zh": "任务 {0} 已审批通过。",
    },
    "order_approved_already": {
        "en": "Campaign {0} was approved before, by {1}.",
        "zh": "任务 {0} 此前已由 {1} 审批通过。",
    },
    "order_approval_too_early": {
        "en": "Campaign {0} is still being judged; nothing was changed. Approve of it once it waits"
        " for that.",
        "zh": "任务 {0} 仍在解析，未作任何更改。请在其等待审批后再审批。",
    },
    "order_approval_not_needed": {
        "en": "Campaign {0} waits for no approval; nothing was changed.",
        "zh": "任务 {0} 不需要审批，未作任何更改。",
    },
    "order_approval_by_nobody": {
        "en": "It is not known by whom this approval is, so campaign {0} still waits. Approve of it"
        " in the bucket, by an object under orders/approve/.",
        "zh": "无法得知审批人是谁，任务 {0} 仍在等待审批。"
        "请在存储桶的 orders/approve/ 下放置对象来审批。",
    },
    "order_approval_by_dropper": {
        "en": "Whoever has dropped the file can not approve of it: campaign {0} still waits for"
        " somebody else.",
        "zh": "上传文件的人不能自行审批，任务 {0} 仍在等待他人审批。",
    },
    "order_held_paused": {
        "en": "It is still paused.",
        "zh": "该任务仍处于暂停状态。",
    },
    "order_held_lists": {
        "en": "It still waits, for a suppression list that cannot be used.",
        "zh": "退订名单无法使用，该任务仍在等待。",
    },
    "order_held_approval": {
        "en": "It still waits for an approval.",
        "zh": "该任务仍在等待审批。",
    },
    "order_held_start": {
        "en": "It still waits for its start.",
        "zh": "该任务尚未到开始时间。",
    },
    "order_held_window": {
        "en": "It still waits for the hours in which it may be sent.",
        "zh": "该任务当前不在允许发送的时段内，仍在等待。",
    },
    "order_others_follow": {
        "en": "Those of campaign {0} who have waited follow those who went ahead.",
        "zh": "任务 {0} 试投之外的其余部分开始发送。",
    },
    "order_held_canary": {
        "en": "All but those who went ahead still wait for their receipts. Another order to resume"
        " lets them follow now.",
        "zh": "试投之外的其余部分仍在等待回执。再发一次 resume 指令可立即发送。",
    },
    "order_held_canary_failed": {
        "en": "All but those who went ahead still wait, since the receipts were not good enough."
        " Another order to resume lets them follow.",
        "zh": "试投未通过，其余部分仍在等待。再发一次 resume 指令即可发送其余部分。",
    },
    "order_begins_soon": {
        "en": "It begins within a minute.",
        "zh": "一分钟内开始发送。",
    },
    "order_past_until": {
        "en": "But the time until which it may be sent is over: nothing more of it is sent.",
        "zh": "但已超过截止时间，该任务不会再发送。",
    },
    "order_stack_paused": {
        "en": "Sending is paused for the whole stack. Calls that are under way are finished; no"
        " other begins until somebody resumes.",
        "zh": "整个系统已暂停发送。正在进行的请求会完成，恢复之前不再发起新的请求。",
    },
    "order_stack_paused_already": {
        "en": "Sending was paused before ({0}).",
        "zh": "此前已暂停发送（{0}）。",
    },
    "order_stack_resumed": {
        "en": "Sending goes on.",
        "zh": "已恢复发送。",
    },
    "order_stack_not_paused": {
        "en": "Sending was not paused. Should somebody have disabled the trigger of the queue, it"
        " is enabled again.",
        "zh": "此前没有暂停发送。如有人停用了队列触发器，现已重新启用。",
    },
    "order_late_for_stack": {
        "en": "A later order for the whole stack was followed before, so this one changes nothing.",
        "zh": "整个系统已执行了更晚发出的指令，因此本指令不起作用。",
    },
    # What people are told of a campaign, by mail and in chats.
    "told_planned": {
        "en": "smsdrop {0}: {1} is being sent.",
        "zh": "smsdrop {0}：{1} 开始发送。",
    },
    "told_paused": {
        "en": "smsdrop {0}: {1} is paused.",
        "zh": "smsdrop {0}：{1} 已暂停。",
    },
    "told_held_approval": {
        "en": "smsdrop {0}: {1} waits for approval.",
        "zh": "smsdrop {0}：{1} 等待审批。",
    },
    "told_held_canary": {
        "en": "smsdrop {0}: {1} waits for a person: its first recipients went ahead, and their"
        " receipts are not good enough.",
        "zh": "smsdrop {0}：{1} 试投未通过，等待人工处理。",
    },
    "told_held_lists": {
        "en": "smsdrop {0}: {1} waits: a suppression list cannot be used.",
        "zh": "smsdrop {0}：{1} 等待中，退订名单无法使用。",
    },
    "told_held_start": {
        "en": "smsdrop {0}: {1} is ready, and waits for its start.",
        "zh": "smsdrop {0}：{1} 已就绪，等待开始时间。",
    },
    "told_held_window": {
        "en": "smsdrop {0}: {1} waits for its hours.",
        "zh": "smsdrop {0}：{1} 等待可发送的时段。",
    },
    "told_halted": {
        "en": "smsdrop {0}: {1} is halted: nothing more of it is sent. Its report follows.",
        "zh": "smsdrop {0}：{1} 已中止，不再发送，随后生成报告。",
    },
    "told_cancelled": {
        "en": "smsdrop {0}: {1} is cancelled: nothing more of it is sent. Its report follows.",
        "zh": "smsdrop {0}：{1} 已取消，不再发送，随后生成报告。",
    },
    "told_stuck": {
        "en": "smsdrop {0}: {1} does not get on.",
        "zh": "smsdrop {0}：{1} 停滞不前。",
    },
    "told_refused": {
        "en": "smsdrop {0}: {1} was not sent.",
        "zh": "smsdrop {0}：{1} 未发送。",
    },
    "told_closed": {
        "en": "smsdrop {0}: {1} has come to its end.",
        "zh": "smsdrop {0}：{1} 已结束。",
    },
    "told_receipts": {
        "en": "smsdrop {0}: {1} has its last receipts.",
        "zh": "smsdrop {0}：{1} 的回执已全部查询完毕。",
    },
    "told_rows": {
        "en": "Rows: {0}, of which accepted {1}, duplicate {2}, rejected {3}.",
        "zh": "共 {0} 行：接受 {1} 行，重复 {2} 行，拒绝 {3} 行。",
    },
    "told_suppressed": {
        "en": "On suppression lists, and not sent to: {0}.",
        "zh": "退订名单中、不发送的有 {0} 行。",
    },
    "told_canary": {
        "en": "The first {0} recipients go ahead; the others follow if {1} % of the answered ones"
        " were delivered.",
        "zh": "先向前 {0} 位收件人试投；有回执的收件人中 {1}% 送达后，再发送其余部分。",
    },
    "told_ends": {
        "en": "Sent {0}, refused {1}, cancelled {2}, unconfirmed {3}.",
        "zh": "已发送 {0}，被拒 {1}，已取消 {2}，未确认 {3}。",
    },
    "told_unsent": {
        "en": "Those that were not sent are in unsent.csv: mend them, and drop that file.",
        "zh": "未发送的行见 unsent.csv，改正后可直接上传该文件。",
    },
    "told_deliveries": {
        "en": "Of {3} sent: delivered {0}, undelivered {1}, without a receipt {2}.",
        "zh": "已发送 {3} 条：已送达 {0}，未送达 {1}，无回执 {2}。",
    },
    "told_undelivered": {
        "en": "Those that were not delivered are in undelivered.csv, with the cause of each.",
        "zh": "未送达的行及原因见 undelivered.csv。",
    },
    "told_status": {
        "en": "It has been {0} for long, or fails: {1} times in a row by now. See 'A campaign is"
        " stuck' in docs/operations.md.",
        "zh": "长时间处于 {0} 状态，或处理失败（已连续 {1} 次）。"
        "处理方法见 docs/operations.md 中的“A campaign is stuck”。",
    },
    "told_to_stop": {
        "en": "To hold it, put an object of any content, or make a folder, at orders/pause/{0}; to"
        " end it, at orders/cancel/{0}.",
        "zh": "如需暂停，请在存储桶中上传任意文件到 orders/pause/{0}，或新建该名称的文件夹；"
        "如需取消，请用 orders/cancel/{0}。",
    },
    "told_where": {
        "en": "Report: in the bucket {0}, at {1} (campaign {2})",
        "zh": "报告：存储桶 {0} 中的 {1}（任务 {2}）",
    },
    # The phone number of a row.
    "phone_missing": {
        "en": "The phone number is missing.",
        "zh": "缺少手机号。",
    },
    "phone_not_digits": {
        "en": "The phone number holds letters or other signs. Write its digits only.",
        "zh": "手机号中含有字母或其他符号。请只填写数字。",
    },
    "phone_several": {
        "en": "The cell holds several phone numbers. Give each its own row.",
        "zh": "一个单元格中有多个号码。请每行只填写一个手机号。",
    },
    "phone_digits_lost": {
        "en": "Excel has replaced digits of this phone number (as in 1.38E+10). Format the column"
        " as text, enter the number again and save.",
        "zh": "Excel 丢失了该手机号的部分数字（如 1.38E+10）。"
        "请将该列设为文本格式，重新填写后保存。",
    },
    "phone_international": {
        "en": "This is a number outside mainland China; only mainland numbers are sent to.",
        "zh": "这是中国大陆以外的号码；目前只发送到中国大陆手机号。",
    },
    "phone_international_wrong": {
        "en": "This is not a valid number of its country. Check its digits and country code.",
        "zh": "这不是该国家或地区的有效号码。请检查号码和国家代码。",
    },
    "phone_landline": {
        "en": "This is a landline; an SMS needs a mobile number.",
        "zh": "这是固定电话；短信只能发送到手机号。",
    },
    "phone_not_mobile": {
        "en": "This is not a mobile number: those start with 13 to 19.",
        "zh": "这不是手机号：手机号以 13 至 19 开头。",
    },
    "phone_length": {
        "en": "The phone number has {0} digits; a mobile number has 11.",
        "zh": "该号码有 {0} 位数字；手机号应为 11 位。",
    },
    # Receipts.
    "receipts_refused": {
        "en": "The provider does not let the key pair ask what became of the texts ({0}), so it is"
        " not known who got them. Give it the permission dysms:QuerySendDetails.",
        "zh": "服务商不允许该 AccessKey 查询短信回执（{0}），因此报告无法说明短信是否送达。"
        "请为其授予 dysms:QuerySendDetails 权限。",
    },
    # The other cells of a row.
    "params_missing": {
        "en": "The row is too short. It has no cell for: {names}",
        "zh": "该行单元格不足，缺少：{names}",
    },
    "cells_surplus": {
        "en": "The row has {0} cells, but the header has {1}. Look for a stray separator, or put"
        ' the text that holds one between quotation marks (").',
        "zh": "该行有 {0} 个单元格，而表头只有 {1} 个。请检查是否有多余的分隔符，"
        '或用引号（"）括住含分隔符的内容。',
    },
    "row_torn": {
        "en": "A line break in a cell tears this row in two. Remove it in Excel (it was put in"
        " with Alt+Enter), or save as workbook (.xlsx).",
        "zh": "单元格内的换行把该行拆成了两行。请在 Excel 中删除该换行（Alt+Enter 输入的），"
        "或另存为工作簿（.xlsx）。",
    },
    "params_empty": {
        "en": "Fill in what is empty: {names}",
        "zh": "请填写空白的内容：{names}",
    },
    "control_characters": {
        "en": "{0} holds invisible control characters that cannot be sent. Type the text again.",
        "zh": "{0} 含有无法发送的不可见控制字符。请重新输入。",
    },
    "sheet_errors": {
        "en": "Mend the formula that has failed (as in #N/A) in Excel, and save: {names}",
        "zh": "请在 Excel 中修正出错的公式（如 #N/A）后保存：{names}",
    },
    "digits_lost": {
        "en": "Excel has shortened a number (as in 2.02607E+17 or ########). Format the column as"
        " text, enter the number again and save: {names}",
        "zh": "Excel 缩短了数字（如 2.02607E+17 或 ########）。"
        "请将该列设为文本格式，重新填写后保存：{names}",
    },
    "letters_lost": {
        "en": "Letters were lost when the file was saved (as in ??). Type them again, and save in"
        " Excel as “CSV UTF-8” or as workbook: {names}",
        "zh": "保存文件时丢失了部分文字（如 ?? 或 锟斤拷）。请重新填写，"
        "并在 Excel 中另存为“CSV UTF-8”或工作簿：{names}",
    },
    "null_words": {
        "en": "A program has written a word for “no value” (as in NULL). Fill in, in Excel for"
        " example, what is to be sent: {names}",
        "zh": "内容是程序表示“无值”的占位词（如 NULL）。请在 Excel 等软件中填写实际内容：{names}",
    },
    "params_not_shown": {
        "en": "It is not known what Excel shows here, because of the cell's number format or date."
        " Format it as General or text, enter the value again and save: {names}",
        "zh": "由于数字格式或日期特殊，无法得知 Excel 中显示的内容。"
        "请将单元格设为常规或文本格式，重新填写后保存：{names}",
    },
    "json_line_broken": {
        "en": 'The line is no JSON object such as: {{"phone_number": "13800138000", "name": "Li"}}',
        "zh": '该行不是 JSON 对象，例如：{{"phone_number": "13800138000", "name": "李"}}',
    },
    "json_name_unknown": {
        "en": "The line has names that the first lines do not have: {names}",
        "zh": "该行含有前面各行没有的名称：{names}",
    },
    "json_name_twice": {
        "en": "The line has the same name twice: {names}",
        "zh": "该行有重复的名称：{names}",
    },
    "json_value_no_text": {
        "en": "Write a text or a number, and nothing else, for: {names}",
        "zh": "以下内容只能填写文本或数字：{names}",
    },
    "sign_name_missing": {
        "en": "The sign name is missing. Fill it in, or drop the file in a folder of that name.",
        "zh": "缺少签名。请填写签名，或在上传文件的目录中指明签名。",
    },
    "sign_name_too_long": {
        "en": "The sign name has {0} characters; no sign name has more than {1}.",
        "zh": "签名有 {0} 个字符；签名不会超过 {1} 个字符。",
    },
    "extend_code_wrong": {
        "en": "The extend code must be digits, 7 at most.",
        "zh": "扩展码必须为数字，最多 7 位。",
    },
    "value_url": {
        "en": "The provider takes no web address in: {names}",
        "zh": "变量中不能含有网址：{names}",
    },
    "value_symbols": {
        "en": "The provider takes no emoji and no signs such as 【】 ★ ※ → in: {names}",
        "zh": "变量中不能含有表情或【】★※→等符号：{names}",
    },
    "value_too_long": {
        "en": "The provider takes 35 characters at most in: {names}",
        "zh": "变量最多 35 个字符：{names}",
    },
    "value_no_password": {
        "en": "In a verification code's template, 4 to 6 letters or digits are needed in: {names}",
        "zh": "验证码模板的变量须为 4 至 6 位字母或数字：{names}",
    },
    "message_too_long": {
        "en": "With this row's values the text has {0} characters; at most {1} are sent.",
        "zh": "填入该行内容后短信共 {0} 个字符，最多 {1} 个字符。",
    },
    "params_too_long": {
        "en": "The row holds far more text than an SMS: {0} bytes, at most {1}. Shorten it.",
        "zh": "该行内容远超短信长度：{0} 字节，最多 {1} 字节。请缩短内容。",
    },
}
"""Each code's sentence by language; `{0}` is the first detail, `{names}` all of them."""

BETWEEN_NAMES = {"en": ", ", "zh": "、"}

BETWEEN_SENTENCES = {"en": " ", "zh": ""}

STATUS_WORDS: dict[str, dict[str, str]] = {
    "sent": {"en": "sent", "zh": "已发送"},
    "refused": {"en": "refused", "zh": "服务商拒绝"},
    "unconfirmed": {"en": "unconfirmed", "zh": "未确认"},
    "cancelled": {"en": "cancelled", "zh": "已取消"},
    "duplicate": {"en": "duplicate", "zh": "重复"},
    "suppressed": {"en": "suppressed", "zh": "已退订"},
    "rejected": {"en": "rejected", "zh": "未通过检查"},
}
"""What became of a row, in a word."""

DELIVERY_WORDS: dict[str, dict[str, str]] = {
    "delivered": {"en": "delivered", "zh": "已送达"},
    "undelivered": {"en": "undelivered", "zh": "未送达"},
    "pending": {"en": "pending", "zh": "等待回执"},
    "no_receipt": {"en": "no receipt", "zh": "无回执"},
}
"""What the carrier has said of a row that was sent, in a word."""
