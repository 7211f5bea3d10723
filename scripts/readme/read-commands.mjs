/**
 * The commands of a page: every line of its blocks of shell, without comments, continued lines as one.
 * @param {string} text Markdown
 * @returns {string[]} in the page's order
 */
export function readCommands(text) {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .replace(/ *\\\n */g, ' ')
      .split('\n')
      .map((line) => line.replace(/(^|\s+)# .*$/, '').trim())
      .filter((line) => line !== ''),
  );
}
