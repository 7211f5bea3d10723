/** Filled in by the build: the version of this console. */
declare const CONSOLE_VERSION: string;

declare module '*.css';
