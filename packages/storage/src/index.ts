export { UPLOAD_PATH } from './file/upload-signature.js';
export * from './file/verify-upload-signature.js';
export * from './keys/object-keys.js';
export * from './open-object-store.js';
export * from './port/object-store.js';
export { recordArchive } from './record-archive.js';
export * from './sealed-json.js';
export { type StoreSettings, storeSettings } from './store-settings.js';
