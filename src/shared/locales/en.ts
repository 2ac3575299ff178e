/** Every word shown to a person, in English. `zhCN` has the same keys; the compiler sees to it. */
export const en = {
  'app.name': 'Deskmate',

  'menu.newConversation': 'New conversation',
  'menu.settings': 'Settings…',
  'menu.quit': 'Quit Deskmate',
  'menu.edit': 'Edit',
  'menu.undo': 'Undo',
  'menu.redo': 'Redo',
  'menu.cut': 'Cut',
  'menu.copy': 'Copy',
  'menu.paste': 'Paste',
  'menu.selectAll': 'Select all',
  'menu.view': 'View',
  'menu.actualSize': 'Actual size',
  'menu.zoomIn': 'Zoom in',
  'menu.zoomOut': 'Zoom out',
  'menu.fullScreen': 'Full screen',
  'menu.window': 'Window',
  'menu.minimize': 'Minimize',
  'menu.closeWindow': 'Close window',
  'menu.help': 'Help',
  'menu.showLog': 'Show the log file',

  'openLink.question': 'Open this link outside Deskmate?',
  'openLink.target': 'It leads to {target}.',
  'openLink.open': 'Open',
  'openLink.cancel': 'Cancel',

  'start.failed': 'Deskmate cannot start',

  'errors.internal': 'Something went wrong inside Deskmate. Copy the details and report it, then try again.',
  'errors.ipc.unknownRoute': 'The window asked for something this version does not know ({route}). Restart Deskmate.',
  'errors.ipc.invalidInput': 'The request was not understood ({route}). Check what you entered and try again.',
  'errors.ipc.untrustedSender': 'A request from outside the Deskmate window was refused.',
  'errors.conversation.notFound': 'This conversation no longer exists. Choose another one or start a new one.',
  'errors.conversation.busy': 'An answer is still being written. Wait for it, or stop it first.',
  'errors.conversation.nothingToRegenerate': 'There is no answer to write anew yet. Send a message first.',
  'errors.prompt.tooLong':
    'This message needs {tokens} tokens; the limit here is {limit}. Shorten it and send it again.',
  'errors.prompt.wrongRole':
    'Message {number} must come from {expected}, found {found}. Let user and assistant take turns; a user has the last word.',
  'errors.model.notFound': 'There is no model in {path}. Choose a folder that holds config.json.',
  'errors.model.notLoaded': 'No model is loaded. Load one in Settings, then try again.',
  'errors.checkpoint.missingFile': 'The model folder lacks {file}. Copy it there or fetch the model again.',
  'errors.checkpoint.invalidConfig': 'config.json cannot be used: {reason}. Fetch the file again.',
  'errors.checkpoint.invalidGenerationConfig':
    'generation_config.json cannot be used: {reason}. Fetch the file again, or delete it for the defaults.',
  'errors.checkpoint.unsupported':
    'This model sets {key} to {value}, which Deskmate cannot run. Choose a Qwen (v1) model.',
  'errors.checkpoint.invalidShard': '{file} is damaged: {reason}. Fetch the file again.',
  'errors.checkpoint.missingTensor': 'The model lacks the tensor {tensor}. Fetch the model again.',
  'errors.checkpoint.wrongTensor': '{tensor} in {file} is {actual}, expected {expected}. Fetch the model again.',
  'errors.checkpoint.float16Overflow':
    '{tensor} has values beyond float16, so BF16 cannot run on the GPU. Choose Int8 or NF4, or the CPU.',
  'errors.tokenizer.invalidVocabulary': '{file} is damaged at line {line}. Fetch the file again.',
  'errors.tokenizer.invalidTokenId': 'There is no token {id}; ids run from 0 to {last}. Correct the ids.',
  'errors.device.gpuUnavailable': 'No usable GPU was found: {reason}. Choose CPU or Auto in Settings.',
  'errors.prepare.failed': 'The model could not be prepared: {reason}. Check the disk, then load it again.',
  'errors.prepare.diskFull':
    'The disk is full: preparing needs {bytes} bytes in {folder}. Free some space and load again.',
  'errors.session.failed': 'The model could not be opened: {reason}. Try another precision or device in Settings.',
  'errors.session.outOfMemory': 'There is not enough memory for {precision}. Choose a lower precision in Settings.',
  'errors.generation.notFinite':
    'The numbers of the model overflowed, so the answer was stopped. Choose Int8, NF4 or the CPU in Settings.',
  'errors.worker.crashed':
    'The inference process ended unexpectedly (exit code {exitCode}). The text so far is kept; send again.',
  'errors.worker.unavailable': 'The inference process keeps failing. Try again, or choose another precision or device.',
  'errors.store.newerVersion':
    'Your conversations were written by a newer Deskmate (store version {found}, this one knows {known}). Update Deskmate.',
  'errors.store.unreadable':
    'The conversation file {file} cannot be read. It was left untouched; restore a copy of it.',
  'errors.settings.unreadable': 'The settings file {file} could not be read. It was kept aside; the defaults apply.',
  'errors.link.refused': 'Only https and mailto links are opened. Copy the link if you trust it.',
  'errors.cli.usage': '{problem}. Run without arguments to see the commands.',
  'errors.cli.invalidInput': 'The input is not what this command takes: {problem}. Correct it and run again.',
};
