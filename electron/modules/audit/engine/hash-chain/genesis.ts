// What stands in place of a previous hash where a chain begins.

/** Constants that loggers use, or hash, for "nothing before". */
export const GENESIS_TEXTS: readonly string[] = [
  'GENESIS',
  'genesis',
  'Genesis',
  '0',
  'null',
  'None',
  'none',
  'GENESIS_HASH',
  'genesis_hash',
  'GENESIS_BLOCK',
  'ROOT',
  'root',
  'START',
  'start',
  'INIT',
  'init',
  'initial',
  'first',
];

const WORD = /^(?:gene?sis\w*|root|start|init|initial|first|none|null|nil|undefined|n\/a|-|begin\w*)$/i;

/** Whether a stored previous hash says that there is none. */
export const isGenesis = (text: string): boolean => {
  const bare = text.replace(/^[a-z0-9-]{2,12}[:=-]/i, '');
  return bare === '' || /^(?:0x)?0+$/.test(bare) || /^A+=*$/.test(bare) || WORD.test(text) || WORD.test(bare);
};
