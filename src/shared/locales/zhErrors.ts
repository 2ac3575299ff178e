import type { enErrors } from './enErrors';

/** 出了什么问题、下一步怎么办：每个错误代码一句。 */
export const zhErrors: Record<keyof typeof enErrors, string> = {
  'errors.internal': '同桌内部出错了。请复制详情并反馈，然后重试。',
  'errors.ipc.unknownRoute': '窗口请求了此版本没有的功能（{route}）。请重启同桌。',
  'errors.ipc.invalidInput': '没能理解这个请求（{route}）。请检查输入后重试。',
  'errors.ipc.untrustedSender': '已拒绝来自同桌窗口之外的请求。',
  'errors.conversation.notFound': '这个对话已不存在。请选择其他对话，或新建一个。',
  'errors.conversation.busy': '上一个回答还没写完。请等它写完，或先停止。',
  'errors.conversation.nothingToRegenerate': '还没有可以重写的回答。请先发送一条消息。',
  'errors.conversation.nothingToRestore': '没有更早的回答可以恢复，保留当前的回答。',
  'errors.message.tooLong': '这条消息超过了 {limit} 个字符。请缩短，或分几次发送。',
  'errors.prompt.tooLong': '这条消息需要 {tokens} 个 token，这里最多 {limit} 个。请缩短后再发送。',
  'errors.prompt.wrongRole':
    '第 {number} 条消息应来自 {expected}，实际为 {found}。user 与 assistant 要轮流发言，最后一条来自 user。',
  'errors.model.notFound': '{path} 里没有模型。请选择含有 config.json 的文件夹。',
  'errors.model.notLoaded': '还没有加载模型。请在设置中加载后重试。',
  'errors.model.originalsReleased':
    '这个模型没有保留原版权重，无法再生成别的精度。请选择已准备好的精度，或在“设置 → 模型库”里获取另一种。',
  'errors.checkpoint.missingFile': '模型文件夹缺少 {file}。请补上该文件，或重新获取模型。',
  'errors.checkpoint.unreadable':
    '{file} 无法读取（{reason}）。请检查文件是否还在、是否有读取权限，以及它所在的硬盘是否已连接。',
  'errors.checkpoint.invalidConfig': 'config.json 无法使用：{reason}。请重新获取该文件。',
  'errors.checkpoint.invalidGenerationConfig':
    'generation_config.json 无法使用：{reason}。请重新获取该文件；删除它则使用默认设置。',
  'errors.checkpoint.unsupported': '这个模型的 {key} 为 {value}，同桌无法运行。请选择 Qwen（第一代）模型。',
  'errors.checkpoint.invalidShard': '{file} 已损坏：{reason}。请重新获取该文件。',
  'errors.checkpoint.missingTensor': '{file} 缺少张量 {tensor}。请重新获取模型。',
  'errors.checkpoint.wrongTensor': '{file} 中的 {tensor} 为 {actual}，应为 {expected}。请重新获取模型，或换一个版本。',
  'errors.checkpoint.notFinite': '{file} 中的 {tensor} 含有非数值（NaN 或无穷大）。请重新获取该文件。',
  'errors.checkpoint.float16Overflow':
    '{file} 中的 {tensor} 有 {count} 个数值超出 float16 的范围，而 GPU 以 float16 计算。请改用 CPU，或试试 Int8。',
  'errors.tokenizer.invalidVocabulary': '{file} 第 {line} 行已损坏。请重新获取该文件。',
  'errors.tokenizer.otherVocabulary':
    '{file} 有 {tokens} 个 token，而模型为它们准备了 {rows} 行：两者不匹配，或文件不完整。请重新获取该文件。',
  'errors.tokenizer.invalidTokenId': '没有编号为 {id} 的 token；编号范围是 0 到 {last}。请更正编号。',
  'errors.device.gpuUnavailable': '没有找到可用的 GPU。请更新显卡驱动，或在设置中选择 CPU 或自动。',
  'errors.device.gpuWrong': 'GPU 在测试中算错了。请更新显卡驱动；在此之前由 CPU 计算。',
  'errors.device.gpuCrashed': '显卡驱动在测试中崩溃了（退出码 {exitCode}）。请更新驱动；在此之前由 CPU 计算。',
  'errors.device.gpuTimedOut': 'GPU 在 {seconds} 秒内没有回应。请重启电脑或更新显卡驱动，然后重新测试。',
  'errors.prepare.failed': '模型准备失败：{reason}。请检查硬盘后重新加载。',
  'errors.prepare.diskFull': '硬盘空间不足：{folder} 中还需要 {bytes} 字节。请腾出空间后重新加载。',
  'errors.download.offline':
    '连不上 {host}，或连接中断了。请检查网络，或在设置中换一个下载来源；已下载的内容不会丢失。',
  'errors.download.stalled':
    '{host} 已有 {seconds} 秒没有发来数据。请重试，或在设置中换一个下载来源；已下载的内容不会丢失。',
  'errors.download.slow':
    '{host} 几乎没有数据发来。同桌会继续尝试；若有其他下载来源，也会改用它们。可以在设置中多选几个下载来源。',
  'errors.download.refused': '{host} 拒绝了请求（状态码 {status}）。请在设置中换一个下载来源，或稍后再试。',
  'errors.download.linkRefused':
    '{host} 把请求转到的服务器拒绝了它（状态码 {status}），换了新链接也一样。请在设置中换一个下载来源，或稍后再试；已下载的内容不会丢失。',
  'errors.download.rateLimited': '{host} 要求等待 {seconds} 秒后再请求。请稍候，或在设置中换一个下载来源。',
  'errors.download.invalidAnswer':
    '{host} 有回应，但不像是模型下载来源。可能被网络的登录页面拦下了：请打开一个网页看看，或在设置中换一个下载来源。',
  'errors.download.changed':
    '{host} 上的 {file} 已不是开始下载时的那个文件。请在设置中换一个下载来源，或取消后重新下载。',
  'errors.download.checksum':
    '{file} 多次下载的内容都有损坏。请在设置中换一个下载来源再试一次；问题也可能出在网络或硬盘。',
  'errors.download.diskFull': '{folder} 所在的硬盘已满。请腾出空间后继续；已下载的内容不会丢失。',
  'errors.download.diskRefused': '无法写入 {folder}。请确认硬盘已连接并且允许写入，然后继续。',
  'errors.download.locked': '另一个“同桌”程序正在下载到 {folder}。请先关闭它，然后继续。',
  'errors.session.failed': '模型打不开。请在设置中换一种精度或设备。',
  'errors.session.outOfMemory':
    '{way}需要 {neededGb} GB 内存，现在空闲 {freeGb} GB。请在设置中选择更低的精度，或关闭其他程序。',
  'errors.generation.notFinite':
    '模型的数值溢出，回答已停止。请在设置中选择 Int8 或 NF4；最不易溢出的是 CPU 上的 BF16。',
  'errors.worker.crashed': '推理进程意外结束（退出码 {exitCode}）。已写出的文字都在，请再发送一次。',
  'errors.worker.unavailable': '推理进程多次失败。请重试，或换一种精度或设备。',
  'errors.worker.ended': '加载其他模型时结束了推理进程，请重试。',
  'errors.download.noSource': '没有可用的下载来源。请在“设置 → 模型库”中选择一个。',
  'errors.library.unknownModel': '这里没有模型 {modelId}。请在“设置 → 模型库”中另选一个。',
  'errors.library.notInstalled': '{name} 还不在本机上，请先下载。',
  'errors.library.busy': '{name} 正在处理中。请等它完成，或先放弃当前操作。',
  'errors.library.moving': '正在搬移模型文件夹，请等搬完再试。',
  'errors.library.copyDiffers': '复制出的 {file} 与原文件不一致。请检查硬盘后重试，原文件没有改动。',
  'errors.library.damaged': '{name} 已损坏：{files}。请在“设置 → 模型库”中检查并修复。',
  'errors.library.folderGone': '找不到文件夹 {folder}。请接上它所在的硬盘，或另选一个模型。',
  'errors.library.folderInUse':
    '另一个“同桌”程序正在使用模型文件夹 {folder}。这里可以使用其中的模型；要做更改，请先关闭另一个，再试一次。',
  'errors.library.diskFull': '硬盘已满：{folder} 还差 {bytes} 字节。请腾出空间后继续。',
  'errors.folder.isRoot': '{folder} 是整个硬盘。请在其中选一个空文件夹。',
  'errors.folder.isHome': '{folder} 里是你自己的文件。请在其中选一个空文件夹。',
  'errors.folder.isOurs': '{folder} 属于同桌自身，更新时会被替换。请另选一个文件夹。',
  'errors.folder.isCurrent': '模型已在 {folder} 之内，或它包着现在的模型文件夹。请选一个与之无关的文件夹。',
  'errors.folder.notEmpty': '{folder} 里已有其他文件。请选一个空文件夹，以免混在一起。',
  'errors.folder.unwritable': '无法写入 {folder}。请另选一个文件夹。',
  'errors.store.newerVersion': '对话由更新版本的同桌写入（存储版本 {found}，当前只认识到 {known}）。请更新同桌。',
  'errors.store.unreadable': '对话文件 {file} 无法读取。文件未作任何改动，请恢复它的备份。',
  'errors.store.diskFull': '硬盘已满或无法写入。请腾出一些空间后重试；屏幕上的内容会先为你保留。',
  'errors.settings.unreadable': '设置文件 {file} 无法完整读取。原文件已另存，读不出的设置恢复为默认值。',
  'errors.link.refused': '只能打开 https 和 mailto 链接。如果信任它，可以复制链接。',
  'errors.cli.usage': '{problem}。不带参数运行可查看全部命令。',
  'errors.cli.invalidInput': '输入不符合该命令的要求：{problem}。请更正后重新运行。',
};
