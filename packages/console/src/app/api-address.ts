/** Where the API answers: where this page lies. */
export const API_ADDRESS = new URL('.', window.location.href.split('#')[0]).href.replace(/\/$/, '');
