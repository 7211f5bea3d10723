export * from './object-keys.js';
export * from './object-store.js';
export * from './open-object-store.js';
export { recordArchive } from './record-archive.js';
export { type StoreSettings, storeSettings } from './store-settings.js';
export { UPLOAD_PATH } from './upload-signature.js';
export * from './verify-upload-signature.js';
