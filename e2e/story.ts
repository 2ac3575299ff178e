/** Words that join things and mean none of them. */
const joining = /^[的他她和从到了在一个之《》]+$/;

/** What a title takes from its story: pieces of two or more characters (or whole English words) that both contain. */
export function sharedPieces(title: string, story: string): string[] {
  return piecesOf(title).filter((piece) => !joining.test(piece) && story.includes(piece));
}

function piecesOf(title: string): string[] {
  const words = title.match(/\p{Script=Latin}{3,}/gu) ?? [];
  const han = [...title].filter((character) => /\p{Script=Han}/u.test(character)).join('');
  const pairs = Array.from({ length: Math.max(0, han.length - 1) }, (_, at) => han.slice(at, at + 2));
  return [...words.filter((word) => !/^(the|and|road|how|never|gave)$/i.test(word)), ...pairs];
}
