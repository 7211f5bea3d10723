import { describeFlowUpkeep } from '../ports/flow-upkeep.cases.js';
import { describeJobQueue } from '../ports/job-queue.cases.js';
import { openBullmqFixture } from './test-bullmq-fixture.js';

describeJobQueue('BullMQ', openBullmqFixture);
describeFlowUpkeep('BullMQ', openBullmqFixture);
