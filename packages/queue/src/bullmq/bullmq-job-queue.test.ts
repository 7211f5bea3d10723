import { describeJobQueue } from '../ports/job-queue.cases.js';
import { openBullmqFixture } from './test-bullmq-fixture.js';

describeJobQueue('BullMQ', openBullmqFixture);
