/** What was pasted, split into addresses and lines that are none. Each address counts once. */
export function readUrls(text: string): { readonly urls: readonly string[]; readonly wrong: readonly string[] } {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const isAddress = (word: string): boolean => /^https?:\/\//i.test(word) && URL.canParse(word);
  return { urls: [...new Set(words.filter(isAddress))], wrong: words.filter((word) => !isAddress(word)) };
}
