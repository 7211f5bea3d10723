/** Help for `--replace`, which is the same in every import. */
export const REPLACE_HELP =
  'put it in the place of another one in DIR; the same one, made before from the same files, goes without';
