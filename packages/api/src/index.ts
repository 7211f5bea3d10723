// The API is a process (main.ts); other packages reach it over HTTP alone.
export {};
