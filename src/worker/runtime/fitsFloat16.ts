/** Whether none of these float16 numbers is infinite or NaN; their count is even. An infinite key could hide otherwise: where the score is minus
 *  infinity, a token is just not looked at. Two numbers at a time: one more in an exponent of ones carries into the sign, which was cleared. */
export function fitsFloat16(numbers: Uint16Array): boolean {
  const pairs = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length / 2);
  let carries = 0;
  for (let i = 0; i < pairs.length; i++) carries |= (pairs[i]! & 0x7c00_7c00) + 0x0400_0400;
  return (carries & 0x8000_8000) === 0;
}
