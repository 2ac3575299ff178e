import type { en } from './en';

/** 界面上的每一句中文。 */
export const zhCN: Record<keyof typeof en, string> = {
  'app.name': '同桌',

  'errors.internal': 'Deskmate 内部出错了。请复制详情并反馈，然后重试。',
  'errors.ipc.unknownRoute': '窗口请求了此版本没有的功能（{route}）。请重启 Deskmate。',
  'errors.ipc.invalidInput': '没能理解这个请求（{route}）。请检查输入后重试。',
  'errors.ipc.untrustedSender': '已拒绝来自 Deskmate 窗口之外的请求。',
  'errors.conversation.notFound': '这个对话已不存在。请选择其他对话，或新建一个。',
  'errors.conversation.busy': '上一个回答还没写完。请等它写完，或先停止。',
  'errors.conversation.nothingToRegenerate': '还没有可以重写的回答。请先发送一条消息。',
  'errors.prompt.tooLong': '这条消息需要 {tokens} 个 token，这里最多 {limit} 个。请缩短后再发送。',
  'errors.prompt.wrongRole': '第 {number} 条消息应来自 {expected}，实际为 {found}。user 与 assistant 要轮流发言，最后一条来自 user。',
  'errors.model.notFound': '{path} 里没有模型。请选择含有 config.json 的文件夹。',
  'errors.model.notLoaded': '还没有加载模型。请在设置中加载后重试。',
  'errors.checkpoint.missingFile': '模型文件夹缺少 {file}。请补上该文件，或重新获取模型。',
  'errors.checkpoint.invalidConfig': 'config.json 无法使用：{reason}。请重新获取该文件。',
  'errors.checkpoint.invalidGenerationConfig': 'generation_config.json 无法使用：{reason}。请重新获取该文件；删除它则使用默认设置。',
  'errors.checkpoint.unsupported': '这个模型的 {key} 为 {value}，Deskmate 无法运行。请选择 Qwen（第一代）模型。',
  'errors.checkpoint.invalidShard': '{file} 已损坏：{reason}。请重新获取该文件。',
  'errors.checkpoint.missingTensor': '模型缺少张量 {tensor}。请重新获取模型。',
  'errors.checkpoint.wrongTensor': '{file} 中的 {tensor} 为 {actual}，应为 {expected}。请重新获取模型。',
  'errors.checkpoint.float16Overflow':
    '{tensor} 中有超出 float16 范围的数值，BF16 无法在 GPU 上运行。请选择 Int8、NF4，或改用 CPU。',
  'errors.tokenizer.invalidVocabulary': '{file} 第 {line} 行已损坏。请重新获取该文件。',
  'errors.tokenizer.invalidTokenId': '没有编号为 {id} 的 token；编号范围是 0 到 {last}。请更正编号。',
  'errors.device.gpuUnavailable': '没有找到可用的 GPU：{reason}。请在设置中选择 CPU 或自动。',
  'errors.prepare.failed': '模型准备失败：{reason}。请检查磁盘后重新加载。',
  'errors.prepare.diskFull': '磁盘已满：准备模型需要在 {folder} 中有 {bytes} 字节。请腾出空间后重新加载。',
  'errors.session.failed': '模型打不开：{reason}。请在设置中换一种精度或设备。',
  'errors.session.outOfMemory': '内存不足以运行 {precision}。请在设置中选择更低的精度。',
  'errors.generation.notFinite': '模型的数值溢出，回答已停止。请在设置中选择 Int8、NF4 或 CPU。',
  'errors.worker.crashed': '推理进程意外结束（退出码 {exitCode}）。已写出的文字都在，请再发送一次。',
  'errors.worker.unavailable': '推理进程多次失败。请重试，或换一种精度或设备。',
  'errors.store.newerVersion':
    '对话由更新版本的 Deskmate 写入（存储版本 {found}，当前只认识到 {known}）。请更新 Deskmate。',
  'errors.store.unreadable': '对话文件 {file} 无法读取。文件未作任何改动，请恢复它的备份。',
  'errors.settings.unreadable': '设置文件 {file} 无法读取。原文件已另存，当前使用默认设置。',
  'errors.link.refused': '只能打开 https 和 mailto 链接。如果信任它，可以复制链接。',
  'errors.cli.usage': '{problem}。不带参数运行可查看全部命令。',
  'errors.cli.invalidInput': '输入不符合该命令的要求：{problem}。请更正后重新运行。',
};
