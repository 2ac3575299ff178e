/** What went wrong, and the next step: one text for each error code. */
export const enErrors = {
  'errors.internal': 'Something went wrong inside Deskmate. Copy the details and report it, then try again.',
  'errors.ipc.unknownRoute': 'The window asked for something this version does not know ({route}). Restart Deskmate.',
  'errors.ipc.invalidInput': 'The request was not understood ({route}). Check what you entered and try again.',
  'errors.ipc.untrustedSender': 'A request from outside the Deskmate window was refused.',
  'errors.conversation.notFound': 'This conversation no longer exists. Choose another one or start a new one.',
  'errors.conversation.busy': 'An answer is still being written. Wait for it, or stop it first.',
  'errors.conversation.nothingToRegenerate': 'There is no answer to write anew yet. Send a message first.',
  'errors.conversation.nothingToRestore': 'There is no earlier answer to bring back. The one shown stays.',
  'errors.message.tooLong': 'The message is longer than {limit} characters. Shorten it, or send it in parts.',
  'errors.prompt.tooLong':
    'This message needs {tokens} tokens; the limit here is {limit}. Shorten it and send it again.',
  'errors.prompt.wrongRole':
    'Message {number} must come from {expected}, found {found}. Let user and assistant take turns; a user has the last word.',
  'errors.model.notFound': 'There is no model in {path}. Choose a folder that holds config.json.',
  'errors.model.notLoaded': 'No model is loaded. Load one in Settings, then try again.',
  'errors.model.originalsReleased':
    'This model was kept without its published weights, so no other precision can be made of it. Choose one that is prepared, or get another one in Settings → Models.',
  'errors.checkpoint.missingFile': 'The model folder lacks {file}. Copy it there or fetch the model again.',
  'errors.checkpoint.unreadable':
    '{file} cannot be read ({reason}). Check that it is still there, that you may read it, and that its disk is connected.',
  'errors.checkpoint.invalidConfig': 'config.json cannot be used: {reason}. Fetch the file again.',
  'errors.checkpoint.invalidGenerationConfig':
    'generation_config.json cannot be used: {reason}. Fetch the file again, or delete it for the defaults.',
  'errors.checkpoint.unsupported':
    'This model sets {key} to {value}, which Deskmate cannot run. Choose a Qwen (v1) model.',
  'errors.checkpoint.invalidShard': '{file} is damaged: {reason}. Fetch the file again.',
  'errors.checkpoint.missingTensor': '{file} lacks the tensor {tensor}. Fetch the model again.',
  'errors.checkpoint.wrongTensor':
    '{tensor} in {file} is {actual}, expected {expected}. Fetch the model again, or another version of it.',
  'errors.checkpoint.notFinite':
    '{tensor} in {file} holds values that are not numbers (NaN or infinity). Fetch the file again.',
  'errors.checkpoint.float16Overflow':
    '{tensor} in {file} goes beyond float16, in which the GPU computes (values: {count}). Choose the CPU, or try Int8.',
  'errors.tokenizer.invalidVocabulary': '{file} is damaged at line {line}. Fetch the file again.',
  'errors.tokenizer.otherVocabulary':
    '{file} has {tokens} tokens, the model {rows} rows for them: they do not belong together, or the file is cut off. Fetch the file again.',
  'errors.tokenizer.invalidTokenId': 'There is no token {id}; ids run from 0 to {last}. Correct the ids.',
  'errors.device.gpuUnavailable':
    'No usable GPU was found. Update the graphics driver, or choose CPU or Auto in Settings.',
  'errors.device.gpuWrong':
    'The GPU computed wrong numbers in its test. Update the graphics driver; until then the CPU computes.',
  'errors.device.gpuCrashed':
    'The graphics driver crashed in its test (exit code {exitCode}). Update it; until then the CPU computes.',
  'errors.device.gpuTimedOut':
    'The GPU did not answer within {seconds} seconds. Restart the computer or update the graphics driver, then test again.',
  'errors.prepare.failed': 'The model could not be prepared: {reason}. Check the disk, then load it again.',
  'errors.prepare.diskFull':
    'The disk is full: {bytes} more bytes are needed in {folder}. Free some space and load again.',
  'errors.download.offline':
    '{host} cannot be reached, or the connection broke off. Check your network, or choose another source in Settings; nothing fetched is lost.',
  'errors.download.stalled':
    '{host} sent nothing for {seconds} seconds. Try again, or choose another source in Settings; nothing fetched is lost.',
  'errors.download.slow':
    '{host} sends next to nothing. Deskmate keeps trying, and asks another source where there is one; choose more of them in Settings.',
  'errors.download.refused': '{host} refused (status {status}). Choose another source in Settings, or try again later.',
  'errors.download.linkRefused':
    '{host} sends Deskmate on to a server that refuses (status {status}), also with new links. Choose another source in Settings, or try again later; nothing fetched is lost.',
  'errors.download.rateLimited':
    '{host} asks to wait {seconds} seconds before the next request. Wait, or choose another source in Settings.',
  'errors.download.invalidAnswer':
    '{host} answers, but not as a model source does. A sign-in page of your network may stand between: open a web page to see, or choose another source in Settings.',
  'errors.download.changed':
    '{file} at {host} is no longer the file that this download began with. Choose another source in Settings, or cancel and start again.',
  'errors.download.checksum':
    '{file} arrived damaged every time. Choose another source in Settings and try again; your network or disk may be at fault.',
  'errors.download.diskFull': 'The disk of {folder} is full. Free some space and resume; nothing fetched is lost.',
  'errors.download.diskRefused':
    'Nothing can be written to {folder}. Check that the drive is connected and that you may write there, then resume.',
  'errors.download.locked': 'Another Deskmate is already downloading to {folder}. Close it, then resume.',
  'errors.session.failed': 'The model could not be opened. Try another precision or device in Settings.',
  'errors.session.outOfMemory':
    '{way} needs {neededGb} GB of memory and {freeGb} GB are free. Choose a lower precision in Settings, or close other programs.',
  'errors.generation.notFinite':
    'The numbers of the model overflowed, so the answer was stopped. Choose Int8 or NF4 in Settings, or BF16 on the CPU, which overflows last.',
  'errors.worker.crashed':
    'The inference process ended unexpectedly (exit code {exitCode}). The text so far is kept; send again.',
  'errors.worker.unavailable': 'The inference process keeps failing. Try again, or choose another precision or device.',
  'errors.worker.ended': 'The inference process was ended while another model was loaded. Try again.',
  'errors.download.noSource': 'No source is set to download from. Choose one in Settings → Models.',
  'errors.library.unknownModel': 'There is no model {modelId} here. Choose another one in Settings → Models.',
  'errors.library.notInstalled': '{name} is not on this disk yet. Download it first.',
  'errors.library.busy': 'Something is being done with {name}. Wait until it is finished, or discard it first.',
  'errors.library.moving': 'The models folder is being moved. Wait until it is done, then try again.',
  'errors.library.copyDiffers':
    'The copy {file} does not hold what was read. Check the disk, then try again; the original is untouched.',
  'errors.library.damaged': '{name} is damaged: {files}. Check and repair it in Settings → Models.',
  'errors.library.folderGone': 'The folder {folder} cannot be found. Connect its drive, or choose another model.',
  'errors.library.folderInUse':
    'Another Deskmate uses the models folder {folder}. Its models can be used here; to change something, close the other one and try again.',
  'errors.library.diskFull':
    'The disk is full: {bytes} more bytes are needed in {folder}. Free some space, then go on.',
  'errors.folder.isRoot': '{folder} is a whole drive. Choose an empty folder on it.',
  'errors.folder.isHome': '{folder} holds your own files. Choose an empty folder in it.',
  'errors.folder.isOurs': '{folder} belongs to Deskmate itself and goes with an update. Choose another folder.',
  'errors.folder.isCurrent': 'Models lie in {folder} already, or around it. Choose a folder outside.',
  'errors.folder.notEmpty': '{folder} holds other files. Choose an empty folder, so that nothing gets mixed up.',
  'errors.folder.unwritable': 'Nothing can be written in {folder}. Choose another folder.',
  'errors.store.newerVersion':
    'Your conversations were written by a newer Deskmate (store version {found}, this one knows {known}). Update Deskmate.',
  'errors.store.unreadable':
    'The conversation file {file} cannot be read. It was left untouched; restore a copy of it.',
  'errors.store.diskFull':
    'The disk is full or refuses to be written. Free some space and try again; what is on the screen is kept meanwhile.',
  'errors.settings.unreadable':
    'The settings file {file} could not be read as a whole. It was kept aside; what was unreadable is at its default.',
  'errors.link.refused': 'Only https and mailto links are opened. Copy the link if you trust it.',
  'errors.cli.usage': '{problem}. Run without arguments to see the commands.',
  'errors.cli.invalidInput': 'The input is not what this command takes: {problem}. Correct it and run again.',
};
