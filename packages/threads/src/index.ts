export { serveThread } from './serve-thread.js';
export { startThread, type ThreadCalls } from './thread-calls.js';
export { errorOf, type FaultFacts, faultOf, type ThreadFault } from './thread-fault.js';
