/**
 * ONNX Runtime 1.30 calls its maker as it loads, and keeps a device id in the user's cache folder and a log in /tmp, unless this
 * stands in the environment by then. Import it before `onnxruntime-node`. In a worker thread it works for those that
 * share the environment of the process, as `@styleflow/threads` starts them.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
