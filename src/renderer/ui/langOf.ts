/** The `lang` of a text someone wrote, for its fonts and for screen readers: any Han character makes it Chinese. */
export const langOf = (text: string): 'zh-CN' | 'en' => (/\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en');
