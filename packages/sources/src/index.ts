export { askServer, type Question } from './ask-server.js';
export { type DeniedHosts, deniedHosts } from './denied-hosts.js';
export { fetchStored, type StoredSource } from './fetch-stored.js';
export { type FetchedSource, type FetchOptions, type FetchUrlOptions, fetchUrl } from './fetch-url.js';
export { type PostedWebhook, type PostWebhookOptions, postWebhook } from './post-webhook.js';
export { isPrivateLiteral, refuseSource, type SourceRules } from './refuse-source.js';
export type { FetchProgress } from './save-stream.js';
export type { FetchTarget } from './source-opener.js';
