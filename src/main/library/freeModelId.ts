import { ModelId } from '../../shared/library';

/** Of a folder's name, what may be in an id; with a number behind it where that is taken. */
export function freeModelId(name: string, isTaken: (id: ModelId) => boolean): ModelId {
  const letters = name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  const plain =
    letters
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 50)
      .replace(/[.-]+$/, '') || 'model';
  for (let number = 1; ; number++) {
    const id = ModelId.parse(number === 1 ? plain : `${plain}-${number}`);
    if (!isTaken(id)) return id;
  }
}
