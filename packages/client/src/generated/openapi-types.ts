// Made from the OpenAPI document: `npx tsc -b packages/api && node packages/api/dist/openapi/client-types-main.js`.

export interface paths {
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs, newest first */
        get: operations["listJobs"];
        put?: never;
        /** Submit a video, by its address or as an upload; or an ended job to be scored again */
        post: operations["submitJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job; with Prefer: wait=N as soon as it has ended */
        get: operations["readJob"];
        put?: never;
        post?: never;
        /** Delete the job and everything stored for it; cancels it first */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop the job at its next frame or clip batch */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a failed job again */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent to the job’s webhook, and what became of it; kept for a week */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/deliveries/{n}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again, with all its attempts anew */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events status, progress, result; ends with the job */
        get: operations["followJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The full result */
        get: operations["readResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The result as one self-contained page for people */
        get: operations["readReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/report.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The report as PDF, made when it is first asked for */
        get: operations["readReportPdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/faces/{track}/clips/{n}.png": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The 32 crops of one clip as a strip */
        get: operations["readClipPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/frames/{n}.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A whole frame that the result names, as a small picture */
        get: operations["readFrame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Addresses of what the job has that work without a key, for a quarter of an hour: for browsers */
        post: operations["linkJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/preview.webm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A small video of what was looked at (options.preview) */
        get: operations["readPreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/faces/{track}/clips/{n}.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Logit, style flow and attention of one clip */
        get: operations["readClipDetails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/result.jws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signature of the result: a detached JWS (RFC 7515, 7797) by a key of /.well-known/jwks.json */
        get: operations["readSignature"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/custody": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who submitted the job, what was done, who fetched its evidence; each entry holds the hash of the one before */
        get: operations["readCustody"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/evidence.zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Result, signature, report, clip strips, custody log and keys as one package with a signed manifest */
        get: operations["readEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Batches, newest first, without their faults */
        get: operations["listBatches"];
        put?: never;
        /** Submit many videos at once, by a manifest */
        post: operations["submitBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One batch: counts, errors by code, pace, when it may end */
        get: operations["readBatch"];
        put?: never;
        post?: never;
        /** Delete the batch with its jobs and everything stored for them; gone at once, deleted in the background */
        delete: operations["deleteBatch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A row for each item that has ended, in the order of the manifest, up to the first that has not */
        get: operations["readResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is wrong with the manifest, then the items that have failed */
        get: operations["readErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent to the batch’s webhook, and what became of it; kept for a week */
        get: operations["listBatchDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/deliveries/{n}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again, with all its attempts anew */
        post: operations["redeliverOfBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin no further item and stop those that run; what has ended stays */
        post: operations["cancelBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run all failed items of a batch that has ended again */
        post: operations["retryBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An address to PUT one video to; submit it as {"type":"upload","uploadId":…}
         * @description With `parts` the video comes in parts: their addresses are at `/parts`, `/complete` makes them one. An upload that is not complete cannot be submitted.
         */
        post: operations["openUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An upload that was not submitted yet: whether its bytes are there, and which of its parts */
        get: operations["readUpload"];
        put?: never;
        post?: never;
        /** Give an upload up, with what has come of it */
        delete: operations["deleteUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Addresses to PUT parts to, in any order and several at once; a part that is sent again replaces the earlier one */
        get: operations["signParts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the parts one video, which may be submitted then; 409 while parts are missing */
        post: operations["completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep an upload that was not submitted yet for longer */
        post: operations["renewUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Model bundles and who serves them */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}/disagreements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a shadow differs from the bundles that are served; once keys are set, for those with the role admin */
        get: operations["readDisagreements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The store, queues, workers, versions; once keys are set, for those with the role admin */
        get: operations["readSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthcheck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The original service's sign of life */
        get: operations["healthcheck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The original service's call: waits for the job of one URL */
        post: operations["predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Queues with their counts, whether they are paused, and who works on them */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries of one state: the next to be taken first, of those that have ended the newest first */
        get: operations["listEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/entries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One entry with its payload, its failed attempts, its parent and children */
        get: operations["readEntry"];
        put?: never;
        post?: never;
        /** Take an entry out that nobody needs: not the product’s, or of a job that is over or gone */
        delete: operations["removeEntry"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Workers end what they hold and take nothing more from it; outlives restarts */
        post: operations["pauseQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let workers take from it again */
        post: operations["resumeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process lives; never looks at dependencies */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether it can serve; each dependency is proved by a write and a read */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus; once keys are set, for those with the role admin */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public keys of the signatures, with their dates; retired ones stay */
        get: operations["readKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document for people */
        get: operations["readDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["describe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    jobEnded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells the webhook of a job of each end, by the conventions of Standard Webhooks */
        post: operations["jobEnded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    batchEnded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells the webhook of a batch of each end, by the conventions of Standard Webhooks */
        post: operations["batchEnded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        SubmitBody: {
            source: {
                /** @constant */
                type: "url";
                /**
                 * Format: uri
                 * @description http or https.
                 */
                url: string;
            } | {
                /** @constant */
                type: "s3";
                bucket: string;
                key: string;
            } | {
                /** @constant */
                type: "upload";
                uploadId: string;
            } | {
                /** @constant */
                type: "job";
                /** @description Its id. What it kept is used, else its source once more. */
                job: `job_${string}`;
            };
            /**
             * @description Of an earlier job, which options decide what is looked at are those that it had, unless they are given.
             * @default {}
             */
            options?: {
                /**
                 * @description Frames to look at; 0 = the whole video.
                 * @default 110
                 */
                maxFrames?: number;
                /**
                 * @description `head`: the first frames. `spread`: floor(maxFrames/32) windows of 32 frames evenly over the duration.
                 * @default head
                 * @enum {string}
                 */
                sampling?: "head" | "spread";
                /**
                 * @description `primary`: only the face with most screen time.
                 * @default all
                 * @enum {string}
                 */
                faces?: "all" | "primary";
                /**
                 * @description `dense`: faces are looked for in every frame. `adaptive`: less often where the same faces move straight on; crops differ by fractions of a pixel.
                 * @default adaptive
                 * @enum {string}
                 */
                detection?: "adaptive" | "dense";
                /** @description A model bundle id; fixed to its digest at submission. */
                bundle?: string;
                /** @description Instead of `bundle`: the ids of up to 4 different bundles. Clips are cut once, each bundle scores them, and the result holds every opinion and the combined one. */
                bundles?: string[];
                /**
                 * @description With `bundles`. `mean`: of calibrated log odds, the default where all bundles are calibrated, and refused otherwise. `majority`: the default else. `any`: fake when one says so.
                 * @enum {string}
                 */
                combine?: "mean" | "majority" | "any";
                /** @description Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false. */
                stability?: boolean;
                /**
                 * @description 9 first.
                 * @default 5
                 */
                priority?: number;
                /**
                 * @description Keep the lossless clips after scoring, for the media retention.
                 * @default false
                 */
                keepCrops?: boolean;
                /** @description Keep a small, upright video of what was looked at, for the media retention. Default: true for uploads, else false. */
                preview?: boolean;
                /**
                 * @description Keep the video itself for the media retention; else an upload is deleted after a success, once its record has left Redis.
                 * @default false
                 */
                keepSource?: boolean;
            };
            /**
             * @description Anything of yours; comes back with the job.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Told of the end, by the conventions of Standard Webhooks; without a secret deliveries are not signed. */
            webhook?: {
                /**
                 * Format: uri
                 * @description Gets a POST for every end. What its address holds of credentials is kept sealed.
                 */
                url: string;
                /** @description Signs every delivery; `whsec_` and 24 to 64 bytes in base64. Kept sealed. */
                secret?: string;
            };
        };
        SubmitPart: {
            /**
             * @description Of an earlier job, which options decide what is looked at are those that it had, unless they are given.
             * @default {}
             */
            options?: {
                /**
                 * @description Frames to look at; 0 = the whole video.
                 * @default 110
                 */
                maxFrames?: number;
                /**
                 * @description `head`: the first frames. `spread`: floor(maxFrames/32) windows of 32 frames evenly over the duration.
                 * @default head
                 * @enum {string}
                 */
                sampling?: "head" | "spread";
                /**
                 * @description `primary`: only the face with most screen time.
                 * @default all
                 * @enum {string}
                 */
                faces?: "all" | "primary";
                /**
                 * @description `dense`: faces are looked for in every frame. `adaptive`: less often where the same faces move straight on; crops differ by fractions of a pixel.
                 * @default adaptive
                 * @enum {string}
                 */
                detection?: "adaptive" | "dense";
                /** @description A model bundle id; fixed to its digest at submission. */
                bundle?: string;
                /** @description Instead of `bundle`: the ids of up to 4 different bundles. Clips are cut once, each bundle scores them, and the result holds every opinion and the combined one. */
                bundles?: string[];
                /**
                 * @description With `bundles`. `mean`: of calibrated log odds, the default where all bundles are calibrated, and refused otherwise. `majority`: the default else. `any`: fake when one says so.
                 * @enum {string}
                 */
                combine?: "mean" | "majority" | "any";
                /** @description Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false. */
                stability?: boolean;
                /**
                 * @description 9 first.
                 * @default 5
                 */
                priority?: number;
                /**
                 * @description Keep the lossless clips after scoring, for the media retention.
                 * @default false
                 */
                keepCrops?: boolean;
                /** @description Keep a small, upright video of what was looked at, for the media retention. Default: true for uploads, else false. */
                preview?: boolean;
                /**
                 * @description Keep the video itself for the media retention; else an upload is deleted after a success, once its record has left Redis.
                 * @default false
                 */
                keepSource?: boolean;
            };
            /**
             * @description Anything of yours; comes back with the job.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Told of the end, by the conventions of Standard Webhooks; without a secret deliveries are not signed. */
            webhook?: {
                /**
                 * Format: uri
                 * @description Gets a POST for every end. What its address holds of credentials is kept sealed.
                 */
                url: string;
                /** @description Signs every delivery; `whsec_` and 24 to 64 bytes in base64. Kept sealed. */
                secret?: string;
            };
        };
        BatchBody: {
            /** @description An upload that holds CSV or NDJSON, or the rows themselves. */
            manifest: {
                uploadId: string;
            } | {
                items: {
                    [key: string]: unknown;
                }[];
            };
            /**
             * @description What is not given falls back to the batch, then to the defaults of jobs.
             * @default {}
             */
            options?: {
                maxFrames?: number;
                /** @enum {string} */
                sampling?: "head" | "spread";
                /** @enum {string} */
                faces?: "all" | "primary";
                /** @enum {string} */
                detection?: "adaptive" | "dense";
                /** @description A model bundle id; fixed to its digest at submission. */
                bundle?: string;
                /** @description Instead of `bundle`: the ids of up to 4 different bundles. Clips are cut once, each bundle scores them, and the result holds every opinion and the combined one. */
                bundles?: string[];
                /**
                 * @description With `bundles`. `mean`: of calibrated log odds, the default where all bundles are calibrated, and refused otherwise. `majority`: the default else. `any`: fake when one says so.
                 * @enum {string}
                 */
                combine?: "mean" | "majority" | "any";
                /** @description Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false. */
                stability?: boolean;
                priority?: number;
                keepCrops?: boolean;
                /** @description Keep a small, upright video of what was looked at, for the media retention. Default: true for uploads, else false. */
                preview?: boolean;
                keepSource?: boolean;
            };
            /**
             * @description Take the rows without a fault and list the others in the error file, instead of refusing all.
             * @default false
             */
            skipInvalid?: boolean;
            /** @description Told once the batch is over: `batch.ended` (also where it was refused) or `batch.canceled`. */
            webhook?: {
                /**
                 * Format: uri
                 * @description Gets a POST for every end. What its address holds of credentials is kept sealed.
                 */
                url: string;
                /** @description Signs every delivery; `whsec_` and 24 to 64 bytes in base64. Kept sealed. */
                secret?: string;
            };
        };
        /** @description A row of the manifest; further fields are kept as metadata. */
        BatchItemBody: {
            /** @description A URL, `s3://bucket/key`, `upload:ID`, `job:ID` (scored again), or the `source` of a job. */
            source: string | ({
                /** @constant */
                type: "url";
                /**
                 * Format: uri
                 * @description http or https.
                 */
                url: string;
            } | {
                /** @constant */
                type: "s3";
                bucket: string;
                key: string;
            } | {
                /** @constant */
                type: "upload";
                uploadId: string;
            } | {
                /** @constant */
                type: "job";
                /** @description Its id. What it kept is used, else its source once more. */
                job: `job_${string}`;
            });
            /** @description Yours; unique within the batch. Without it, the number of the row from 1. */
            id?: string;
            truth_label?: string;
            group?: string;
            identity?: string;
            method?: string;
            split?: string;
            /** @description What is not given falls back to the batch, then to the defaults of jobs. */
            options?: {
                maxFrames?: number;
                /** @enum {string} */
                sampling?: "head" | "spread";
                /** @enum {string} */
                faces?: "all" | "primary";
                /** @enum {string} */
                detection?: "adaptive" | "dense";
                /** @description A model bundle id; fixed to its digest at submission. */
                bundle?: string;
                /** @description Instead of `bundle`: the ids of up to 4 different bundles. Clips are cut once, each bundle scores them, and the result holds every opinion and the combined one. */
                bundles?: string[];
                /**
                 * @description With `bundles`. `mean`: of calibrated log odds, the default where all bundles are calibrated, and refused otherwise. `majority`: the default else. `any`: fake when one says so.
                 * @enum {string}
                 */
                combine?: "mean" | "majority" | "any";
                /** @description Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false. */
                stability?: boolean;
                priority?: number;
                keepCrops?: boolean;
                /** @description Keep a small, upright video of what was looked at, for the media retention. Default: true for uploads, else false. */
                preview?: boolean;
                keepSource?: boolean;
            };
        } & {
            [key: string]: unknown;
        };
        UploadBody: {
            /** @description Length of the video: counted at once, and the only length that the address takes. */
            bytes?: number;
            /** @description Send it in parts, several at once, going on after an interruption. Needs `bytes`. */
            parts?: boolean;
        };
        PredictBody: {
            /**
             * Format: uri
             * @description http or https.
             */
            file_path: string;
        };
        Job: {
            /** @example job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D */
            id: `job_${string}`;
            /** @enum {string} */
            status: "queued" | "preparing" | "scoring" | "succeeded" | "failed" | "canceled";
            stage: ("prepare" | "score" | "finish") | null;
            progress: {
                /** @description Never falls; null while the total is unknown. */
                percent: number | null;
                framesDecoded: number;
                framesTotal: number | null;
                clipsPlanned: number;
                clipsScored: number;
            };
            source: {
                /** @constant */
                type: "url";
                /**
                 * Format: uri
                 * @description http or https.
                 */
                url: string;
            } | {
                /** @constant */
                type: "s3";
                bucket: string;
                key: string;
            } | {
                /** @constant */
                type: "upload";
                uploadId: string;
            };
            options: {
                /**
                 * @description Frames to look at; 0 = the whole video.
                 * @default 110
                 */
                maxFrames: number;
                /**
                 * @description `head`: the first frames. `spread`: floor(maxFrames/32) windows of 32 frames evenly over the duration.
                 * @default head
                 * @enum {string}
                 */
                sampling: "head" | "spread";
                /**
                 * @description `primary`: only the face with most screen time.
                 * @default all
                 * @enum {string}
                 */
                faces: "all" | "primary";
                /**
                 * @description `dense`: faces are looked for in every frame. `adaptive`: less often where the same faces move straight on; crops differ by fractions of a pixel.
                 * @default adaptive
                 * @enum {string}
                 */
                detection: "adaptive" | "dense";
                /** @description A model bundle id; fixed to its digest at submission. */
                bundle?: string;
                /** @description Instead of `bundle`: the ids of up to 4 different bundles. Clips are cut once, each bundle scores them, and the result holds every opinion and the combined one. */
                bundles?: string[];
                /**
                 * @description With `bundles`. `mean`: of calibrated log odds, the default where all bundles are calibrated, and refused otherwise. `majority`: the default else. `any`: fake when one says so.
                 * @enum {string}
                 */
                combine?: "mean" | "majority" | "any";
                /** @description Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false. */
                stability?: boolean;
                /**
                 * @description 9 first.
                 * @default 5
                 */
                priority: number;
                /**
                 * @description Keep the lossless clips after scoring, for the media retention.
                 * @default false
                 */
                keepCrops: boolean;
                /** @description Keep a small, upright video of what was looked at, for the media retention. Default: true for uploads, else false. */
                preview?: boolean;
                /**
                 * @description Keep the video itself for the media retention; else an upload is deleted after a success, once its record has left Redis.
                 * @default false
                 */
                keepSource: boolean;
            };
            metadata: {
                [key: string]: unknown;
            };
            batch?: string;
            /**
             * @description The earlier job whose video this one judges again. Its result stands as it was.
             * @example job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D
             */
            rescoreOf?: `job_${string}`;
            /** Format: date-time */
            createdAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            /** @description Starts of `prepare`. */
            attempts: number;
            error?: {
                /** @enum {string} */
                code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled";
                message: string;
            };
            verdict?: {
                /** @enum {string} */
                label: "fake" | "real" | "inconclusive";
                /**
                 * @description Why the label is inconclusive.
                 * @enum {string}
                 */
                reason?: "no_face" | "face_too_short" | "untrained_bundle" | "score_in_doubt" | "outside_calibration" | "unstable";
                /** @description The highest track score; null when no clip could be cut. Of several bundles what their rule makes of the votes: with `mean` a score as theirs, otherwise the share that voted fake; null without a vote. */
                score: number | null;
                threshold: number;
                /** @description Of a bundle with two: from `fake` on fake, below `real` real, between them inconclusive. */
                thresholds?: {
                    real: number;
                    fake: number;
                };
                /** @description With the reason `outside_calibration`: in what, and by how much. */
                outside?: {
                    /** @description A fact of `quality`, an option, `preprocessing` or `precision`. */
                    fact: string;
                    /** @description Of which face; absent for the video or the job. */
                    track?: number;
                    /** @description Null where it could not be measured. */
                    value: number | string | null;
                    /** @description What the calibration covers. */
                    range?: [
                        number,
                        number
                    ];
                    expected?: number | string;
                }[];
            };
            links: {
                [key: string]: string;
            };
        };
        JobList: {
            jobs: components["schemas"]["Job"][];
            nextCursor: string | null;
        };
        Batch: {
            /** @example bat_01JD9Z3V6Q8W2X4Y6Z8A000000 */
            id: `bat_${string}`;
            /** @enum {string} */
            status: "validating" | "refused" | "running" | "ended" | "canceled";
            /** @description No further item starts; those that run are being stopped. */
            cancelRequested: boolean;
            /** @description 1, and one more with every retry of its failed items. */
            round: number;
            /** @description Rows of the manifest that have been read: grows while it is validated. */
            rowsRead: number;
            counts: {
                /** @description 0 until the manifest has been read. */
                total: number;
                queued: number;
                preparing: number;
                scoring: number;
                succeeded: number;
                failed: number;
                canceled: number;
            };
            /** @description Items that have become jobs. */
            admitted: number;
            /** @description Failed items by their error code. */
            errors: {
                [key: string]: number;
            };
            /** @description What is wrong with the manifest. */
            faults: {
                count: number;
                /** @description The first 100. */
                listed: {
                    /** @description From 1, as editors count; of JSON items the number of the item. 0: the manifest as a whole. */
                    line: number;
                    /** @description The name of the column; null where it is the row. */
                    column: string | null;
                    message: string;
                }[];
            };
            /** @description What the batch gets of the system now. */
            throughput: {
                /** @description Ended lately; null before there is anything to measure. */
                itemsPerHour: number | null;
            };
            /** @description When it may end at its present pace; null where nobody can tell. */
            eta: {
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            } | null;
            /** @description What is not given falls back to the batch, then to the defaults of jobs. */
            options: {
                maxFrames?: number;
                /** @enum {string} */
                sampling?: "head" | "spread";
                /** @enum {string} */
                faces?: "all" | "primary";
                /** @enum {string} */
                detection?: "adaptive" | "dense";
                /** @description A model bundle id; fixed to its digest at submission. */
                bundle?: string;
                /** @description Instead of `bundle`: the ids of up to 4 different bundles. Clips are cut once, each bundle scores them, and the result holds every opinion and the combined one. */
                bundles?: string[];
                /**
                 * @description With `bundles`. `mean`: of calibrated log odds, the default where all bundles are calibrated, and refused otherwise. `majority`: the default else. `any`: fake when one says so.
                 * @enum {string}
                 */
                combine?: "mean" | "majority" | "any";
                /** @description Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false. */
                stability?: boolean;
                priority?: number;
                keepCrops?: boolean;
                /** @description Keep a small, upright video of what was looked at, for the media retention. Default: true for uploads, else false. */
                preview?: boolean;
                keepSource?: boolean;
            };
            skipInvalid: boolean;
            /** Format: date-time */
            createdAt: string;
            /** @description When its manifest was accepted. */
            startedAt: string | null;
            finishedAt: string | null;
            /** @description `self`, `results`, `errors`, `jobs`. */
            links: {
                [key: string]: string;
            };
        };
        BatchList: {
            batches: components["schemas"]["Batch"][];
            nextCursor: string | null;
        };
        DryRun: {
            /** @description Whether the same call without `dryRun` would run. */
            accepted: boolean;
            /** @description Rows that would become jobs. */
            items: number;
            faults: {
                count: number;
                /** @description The first 100. */
                listed: {
                    /** @description From 1, as editors count; of JSON items the number of the item. 0: the manifest as a whole. */
                    line: number;
                    /** @description The name of the column; null where it is the row. */
                    column: string | null;
                    message: string;
                }[];
            };
            /** @description Null where nothing would run. */
            estimate: {
                clips: {
                    from: number;
                    to: number;
                };
                /** @description Null while no worker is there. */
                hours: {
                    from: number;
                    to: number;
                } | null;
                finish: {
                    /** Format: date-time */
                    from: string;
                    /** Format: date-time */
                    to: string;
                } | null;
            } | null;
        };
        ResultRow: {
            /** @description The item, counted from 0 over those that were taken. */
            index: number;
            id: string;
            /** @description As manifests write it. */
            source: string;
            /** @enum {string} */
            status: "queued" | "preparing" | "scoring" | "succeeded" | "failed" | "canceled";
            verdict_label: string | null;
            score: number | null;
            threshold: number | null;
            reason: string | null;
            error_code: ("invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled") | null;
            faces: number | null;
            clips: number | null;
            truth_label: string | null;
            group: string | null;
            /** @description Null for an item that never became a job. */
            job: `job_${string}` | null;
            identity?: string;
            method?: string;
            split?: string;
            /** @description Further columns of the manifest. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        ErrorRow: {
            /** @enum {string} */
            kind: "fault" | "item";
            /** @description Of a fault: the line of the manifest. */
            line: number | null;
            column: string | null;
            id: string | null;
            source: string | null;
            /** @enum {string} */
            error_code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled";
            message: string;
            job: `job_${string}` | null;
        };
        Result: {
            /** @example job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D */
            job: `job_${string}`;
            /**
             * @description The earlier job whose video was judged again.
             * @example job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D
             */
            rescoreOf?: `job_${string}`;
            verdict: {
                /** @enum {string} */
                label: "fake" | "real" | "inconclusive";
                /**
                 * @description Why the label is inconclusive.
                 * @enum {string}
                 */
                reason?: "no_face" | "face_too_short" | "untrained_bundle" | "score_in_doubt" | "outside_calibration" | "unstable";
                /** @description The highest track score; null when no clip could be cut. Of several bundles what their rule makes of the votes: with `mean` a score as theirs, otherwise the share that voted fake; null without a vote. */
                score: number | null;
                threshold: number;
                /** @description Of a bundle with two: from `fake` on fake, below `real` real, between them inconclusive. */
                thresholds?: {
                    real: number;
                    fake: number;
                };
                /** @description With the reason `outside_calibration`: in what, and by how much. */
                outside?: {
                    /** @description A fact of `quality`, an option, `preprocessing` or `precision`. */
                    fact: string;
                    /** @description Of which face; absent for the video or the job. */
                    track?: number;
                    /** @description Null where it could not be measured. */
                    value: number | string | null;
                    /** @description What the calibration covers. */
                    range?: [
                        number,
                        number
                    ];
                    expected?: number | string;
                }[];
            };
            /** @description True when some clips (at most a fifth) could not be scored. */
            partial: boolean;
            faces: {
                track: number;
                frames: [
                    number,
                    number
                ];
                /** @description Frames in which the face was tracked. */
                frameCount: number;
                /** @description The tail that fills no clip. */
                framesUnused: number;
                /** @description The detector's score in the track's first frame. */
                firstScore: number;
                boxes: {
                    frame: number;
                    seconds: number;
                    box: [
                        number,
                        number,
                        number,
                        number
                    ];
                }[];
                /** @description Absent without a clip, and in results of older versions. */
                quality?: {
                    /** @description Median width of the face, in pixels of the displayed frame. */
                    faceWidth: number;
                    /** @description Median over clips of the mean squared step of brightness from pixel to pixel, in the middle crop; 0: flat. */
                    sharpness: number;
                    /** @description Median over clips of how far the nose lies from the middle of the eyes, in distances of the eyes; 0: frontal. */
                    yaw: number;
                    /** @description Median over clips of where the nose lies between eyes (0) and mouth (1). */
                    pitch: number;
                };
                /** @description 1 = most screen time. */
                rank: number;
                score: number | null;
                clips: {
                    index: number;
                    frames: [
                        number,
                        number
                    ];
                    seconds: [
                        number,
                        number
                    ];
                    padded: boolean;
                    /** @description Of its 32 aligned crops, RGB, frame by frame. Absent in results of older versions. */
                    sha256?: string;
                    /** @description Null for a clip that could not be scored. */
                    logit: number | null;
                    score: number | null;
                    picture: string;
                    details: string;
                    styleFlow?: number[][];
                    attention?: number[][];
                }[];
            }[];
            /** @description Seconds at which another scene begins, or the time stamps jump: no face is followed across. The first 1000. */
            cuts?: number[];
            /** @description Whole frames, small, in which the faces can be told apart. Absent in results of older versions. */
            frames?: {
                frame: number;
                seconds: number;
                boxes: {
                    track: number;
                    box: [
                        number,
                        number,
                        number,
                        number
                    ];
                }[];
                picture: string;
            }[];
            /** @description A small video of what was looked at. Null where it could not be made, absent where it was not wanted (options.preview). */
            preview?: {
                width: number;
                height: number;
                /** @description How many of the first frames it shows. */
                frames: number;
                bytes: number;
                /** @description Where it is, until the retention of media is over. */
                video: string;
            } | null;
            video: {
                sha256: string;
                bytes: number;
                container: string;
                codec: string;
                width: number;
                height: number;
                rotation: number;
                fps: number | null;
                durationSeconds: number | null;
                hasAudio: boolean;
                framesUsed: number;
                /** @description True for a picture that is stored mirrored; it is shown as players do. */
                mirrored?: boolean;
                /** @description Frames that did not decode cleanly: patched by the decoder, or left out. */
                framesDamaged: number;
            };
            model: {
                bundle: string;
                digest: string;
                /** @enum {string} */
                variant: "content" | "style-content" | "custom";
                /** @enum {string} */
                precision: "fp32" | "fp16" | "int8";
                trained: boolean;
                /** @description How logits became scores. Absent in results of older versions. */
                calibration?: {
                    a: number;
                    b: number;
                } | {
                    points: [
                        number,
                        number
                    ][];
                };
                thresholds?: {
                    real: number;
                    fake: number;
                };
                /** @description The labelled videos on which threshold and calibration were measured. Absent: they were measured on none. */
                calibratedOn?: {
                    /** @description The run of `styleflow evaluate`, by its id. */
                    run: string;
                    date: string;
                    /** @description The labelled videos, by the digest of their list. */
                    data: string;
                    /** @description The bundle that scored the run. */
                    bundle?: string;
                    fakes?: number;
                    reals?: number;
                    /** @description How logits became scores, and how the threshold was chosen, in words. */
                    method?: string;
                    conditions?: {
                        options: {
                            maxFrames: number;
                            /** @enum {string} */
                            sampling: "head" | "spread";
                            /** @enum {string} */
                            faces: "all" | "primary";
                            /** @enum {string} */
                            detection: "adaptive" | "dense";
                        };
                        /** @description Digest of everything that decides the pixels of a clip. */
                        preprocessing: string;
                        /** @enum {string} */
                        precision: "fp32" | "fp16" | "int8";
                    };
                };
                /** @description Where the style flow of the real videos of the calibration run lay. Absent: it was not measured. */
                styleBand?: {
                    /** @description The 5th, 50th and 95th percentile of the mean of a clip. Each video counts once, however many clips it has. */
                    groups: {
                        coarse: [
                            number,
                            number,
                            number
                        ];
                        middle: [
                            number,
                            number,
                            number
                        ];
                        fine: [
                            number,
                            number,
                            number
                        ];
                    };
                    /** @description Real videos that it was measured on. */
                    videos: number;
                    clips: number;
                };
                /** @description Null when no clip was scored. */
                provider: string | null;
                /** @description The graph of the bundle that scored the clips: a bundle may have forms of it by provider. Absent in results of older versions. */
                graph?: string | null;
                /** @description Name and version of what ran the graph; null when no clip was scored. Absent in results of older versions. */
                runtime?: string | null;
                /** @description Largest tensor batch that scored a clip of this job. */
                batchSize: number | null;
            };
            pipeline: {
                version: string;
                preprocessing: string;
                /**
                 * @description Absent in results of older versions, which were `dense`.
                 * @enum {string}
                 */
                detection?: "adaptive" | "dense";
                /** @description SHA-256 over the face detector's files. Absent in results of older versions, as the next two. */
                detector?: string;
                /** @description The version of the decoder, in its own words. */
                ffmpeg?: string;
                /** @description What decides the numbers beside the bundle, as it was chosen. */
                options?: {
                    /**
                     * @description Frames to look at; 0 = the whole video.
                     * @default 110
                     */
                    maxFrames: number;
                    /**
                     * @description `head`: the first frames. `spread`: floor(maxFrames/32) windows of 32 frames evenly over the duration.
                     * @default head
                     * @enum {string}
                     */
                    sampling: "head" | "spread";
                    /**
                     * @description `primary`: only the face with most screen time.
                     * @default all
                     * @enum {string}
                     */
                    faces: "all" | "primary";
                    /**
                     * @description `dense`: faces are looked for in every frame. `adaptive`: less often where the same faces move straight on; crops differ by fractions of a pixel.
                     * @default adaptive
                     * @enum {string}
                     */
                    detection: "adaptive" | "dense";
                    /** @description Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false. */
                    stability?: boolean;
                };
            };
            timings: {
                /** Format: date-time */
                createdAt: string;
                startedAt: string | null;
                /** Format: date-time */
                finishedAt: string;
                /** @description Seconds per step of the prepare stage. */
                steps: {
                    [key: string]: number;
                };
            };
            /** @description With `options.bundles`: of each bundle, in that order. `verdict` is then the combined one; `faces` and `model` are those of the first bundle that was not left out. */
            opinions?: {
                model: {
                    bundle: string;
                    digest: string;
                    /** @enum {string} */
                    variant: "content" | "style-content" | "custom";
                    /** @enum {string} */
                    precision: "fp32" | "fp16" | "int8";
                    trained: boolean;
                    /** @description How logits became scores. Absent in results of older versions. */
                    calibration?: {
                        a: number;
                        b: number;
                    } | {
                        points: [
                            number,
                            number
                        ][];
                    };
                    thresholds?: {
                        real: number;
                        fake: number;
                    };
                    /** @description The labelled videos on which threshold and calibration were measured. Absent: they were measured on none. */
                    calibratedOn?: {
                        /** @description The run of `styleflow evaluate`, by its id. */
                        run: string;
                        date: string;
                        /** @description The labelled videos, by the digest of their list. */
                        data: string;
                        /** @description The bundle that scored the run. */
                        bundle?: string;
                        fakes?: number;
                        reals?: number;
                        /** @description How logits became scores, and how the threshold was chosen, in words. */
                        method?: string;
                        conditions?: {
                            options: {
                                maxFrames: number;
                                /** @enum {string} */
                                sampling: "head" | "spread";
                                /** @enum {string} */
                                faces: "all" | "primary";
                                /** @enum {string} */
                                detection: "adaptive" | "dense";
                            };
                            /** @description Digest of everything that decides the pixels of a clip. */
                            preprocessing: string;
                            /** @enum {string} */
                            precision: "fp32" | "fp16" | "int8";
                        };
                    };
                    /** @description Where the style flow of the real videos of the calibration run lay. Absent: it was not measured. */
                    styleBand?: {
                        /** @description The 5th, 50th and 95th percentile of the mean of a clip. Each video counts once, however many clips it has. */
                        groups: {
                            coarse: [
                                number,
                                number,
                                number
                            ];
                            middle: [
                                number,
                                number,
                                number
                            ];
                            fine: [
                                number,
                                number,
                                number
                            ];
                        };
                        /** @description Real videos that it was measured on. */
                        videos: number;
                        clips: number;
                    };
                    /** @description Null when no clip was scored. */
                    provider: string | null;
                    /** @description The graph of the bundle that scored the clips: a bundle may have forms of it by provider. Absent in results of older versions. */
                    graph?: string | null;
                    /** @description Name and version of what ran the graph; null when no clip was scored. Absent in results of older versions. */
                    runtime?: string | null;
                    /** @description Largest tensor batch that scored a clip of this job. */
                    batchSize: number | null;
                };
                /** @description Absent of a bundle that was left out. */
                verdict?: {
                    /** @enum {string} */
                    label: "fake" | "real" | "inconclusive";
                    /**
                     * @description Why the label is inconclusive.
                     * @enum {string}
                     */
                    reason?: "no_face" | "face_too_short" | "untrained_bundle" | "score_in_doubt" | "outside_calibration" | "unstable";
                    /** @description The highest track score; null when no clip could be cut. Of several bundles what their rule makes of the votes: with `mean` a score as theirs, otherwise the share that voted fake; null without a vote. */
                    score: number | null;
                    threshold: number;
                    /** @description Of a bundle with two: from `fake` on fake, below `real` real, between them inconclusive. */
                    thresholds?: {
                        real: number;
                        fake: number;
                    };
                    /** @description With the reason `outside_calibration`: in what, and by how much. */
                    outside?: {
                        /** @description A fact of `quality`, an option, `preprocessing` or `precision`. */
                        fact: string;
                        /** @description Of which face; absent for the video or the job. */
                        track?: number;
                        /** @description Null where it could not be measured. */
                        value: number | string | null;
                        /** @description What the calibration covers. */
                        range?: [
                            number,
                            number
                        ];
                        expected?: number | string;
                    }[];
                };
                /** @description As of the result, for this bundle. */
                partial: boolean;
                /** @description As of the result, for this bundle. */
                stability?: {
                    /**
                     * @description `stable`: all three give the same label. `unstable`: one gives another; the verdict is then `inconclusive`. `unknown`: less than 80 % of the clips of a re-encoding could be scored, so the verdict could not be checked and is `inconclusive`, too. `no_verdict`: there was none to check.
                     * @enum {string}
                     */
                    state: "stable" | "unstable" | "unknown" | "no_verdict";
                    /** @description The score of the video. */
                    scores: {
                        /** @description Of the clips as they were cut. */
                        plain: number | null;
                        /** @description Of the same clips after H.264 at a usual rate; null where it is not known. */
                        h264: number | null;
                        /** @description Of the same clips after half size and back; null where it is not known. */
                        half: number | null;
                    };
                    /** @description The highest of the three scores less the lowest; null unless all are known. */
                    spread: number | null;
                    /** @description What each would be called by itself; null where it is not known. */
                    labels: {
                        plain: ("fake" | "real" | "inconclusive") | null;
                        h264: ("fake" | "real" | "inconclusive") | null;
                        half: ("fake" | "real" | "inconclusive") | null;
                    };
                    /** @description How many clips there are, and how many were scored after each re-encoding. */
                    clips: {
                        planned: number;
                        h264: number;
                        half: number;
                    };
                    faces: {
                        track: number;
                        scores: {
                            /** @description Of the clips as they were cut. */
                            plain: number | null;
                            /** @description Of the same clips after H.264 at a usual rate; null where it is not known. */
                            h264: number | null;
                            /** @description Of the same clips after half size and back; null where it is not known. */
                            half: number | null;
                        };
                        /** @description The highest of the three scores less the lowest; null unless all are known. */
                        spread: number | null;
                    }[];
                };
                leftOut?: {
                    /**
                     * @description `no_workers`: nobody served it for longer than the outage budget. `clips_failed`: more than a fifth of the clips could not be scored.
                     * @enum {string}
                     */
                    reason: "no_workers" | "clips_failed";
                    message: string;
                };
                faces: {
                    track: number;
                    score: number | null;
                    clips: {
                        index: number;
                        logit: number | null;
                        score: number | null;
                    }[];
                }[];
            }[];
            combined?: {
                /** @enum {string} */
                rule: "mean" | "majority" | "any";
                votes: {
                    bundle: string;
                    /** @enum {string} */
                    label: "fake" | "real";
                }[];
                /** @description Untrained bundles, those whose own verdict is inconclusive, and those that were left out. */
                abstained: string[];
                /** @description Those that voted otherwise than what came out; at a tie all that voted. */
                disagreed: string[];
                /** @description With `mean`: scores beyond these bounds count as the bounds, so that none decides alone. */
                clippedTo?: [
                    number,
                    number
                ];
            };
            /** @description With `options.stability`: the scores after mild re-encodings. With several bundles that of the first that was not left out. */
            stability?: {
                /**
                 * @description `stable`: all three give the same label. `unstable`: one gives another; the verdict is then `inconclusive`. `unknown`: less than 80 % of the clips of a re-encoding could be scored, so the verdict could not be checked and is `inconclusive`, too. `no_verdict`: there was none to check.
                 * @enum {string}
                 */
                state: "stable" | "unstable" | "unknown" | "no_verdict";
                /** @description The score of the video. */
                scores: {
                    /** @description Of the clips as they were cut. */
                    plain: number | null;
                    /** @description Of the same clips after H.264 at a usual rate; null where it is not known. */
                    h264: number | null;
                    /** @description Of the same clips after half size and back; null where it is not known. */
                    half: number | null;
                };
                /** @description The highest of the three scores less the lowest; null unless all are known. */
                spread: number | null;
                /** @description What each would be called by itself; null where it is not known. */
                labels: {
                    plain: ("fake" | "real" | "inconclusive") | null;
                    h264: ("fake" | "real" | "inconclusive") | null;
                    half: ("fake" | "real" | "inconclusive") | null;
                };
                /** @description How many clips there are, and how many were scored after each re-encoding. */
                clips: {
                    planned: number;
                    h264: number;
                    half: number;
                };
                faces: {
                    track: number;
                    scores: {
                        /** @description Of the clips as they were cut. */
                        plain: number | null;
                        /** @description Of the same clips after H.264 at a usual rate; null where it is not known. */
                        h264: number | null;
                        /** @description Of the same clips after half size and back; null where it is not known. */
                        half: number | null;
                    };
                    /** @description The highest of the three scores less the lowest; null unless all are known. */
                    spread: number | null;
                }[];
            };
            /** @description What was odd about the video: frames that could not be decoded; frames missing against its header; further video streams, not looked at; a jump of its time stamps, which ends tracks; an impossible rate or duration in its header. Absent in results of older versions. */
            notes?: ("frames_undecodable" | "frames_missing" | "streams_ignored" | "time_gap" | "rate_implausible")[];
        };
        ClipDetails: {
            logit: number;
            styleFlow?: number[][];
            attention?: number[][];
            batchSize: number;
            provider: string;
            graph?: string;
            runtime?: string;
        };
        JobLinks: {
            /** @description As `?access=…` it opens events, result, report, preview and pictures of this job. Empty where no keys are set and an address is enough. */
            access: string;
            /** Format: date-time */
            expiresAt: string;
            /** @description What the job has now, with `access`. */
            links: {
                [key: string]: string;
            };
        };
        CustodyLog: {
            job: string;
            entries: {
                /** @description Its place in the log. */
                n: number;
                /** @description ISO 8601 in UTC, by the clock of Redis. */
                at: string;
                /** @description What happened: `submitted`, a change of status, `cancel_requested`, `retry_requested`, `signed`, `signature_read`, `evidence_read`; newer versions may have others. */
                event: string;
                /** @description The name of the API key that did it; null: the system itself. */
                by: string | null;
                facts: {
                    [key: string]: string | number | boolean;
                };
                /** @description The `hash` of the entry before; of the first a digest of the job’s id. */
                prev: string;
                /** @description SHA-256 of this entry without `hash`, as canonical JSON. */
                hash: string;
            }[];
            /** @description The `hash` of the last entry. */
            head: string;
        };
        PublicKeys: {
            keys: {
                /** @constant */
                kty: "OKP";
                /** @constant */
                crv: "Ed25519";
                /** @description The key, 32 bytes in base64url. */
                x: string;
                kid: string;
                /** @constant */
                alg: "EdDSA";
                /** @constant */
                use: "sig";
                /** @description It signs from then on, in seconds since 1970. */
                iat?: number;
                /** @description It signs until then; what it had signed by then stays valid. */
                exp?: number;
            }[];
        };
        Delivery: {
            /** @description Counts the deliveries of the job or batch. */
            n: number;
            /** @description `webhook-id`: made of job, run and event, the same in every attempt. */
            id: string;
            event: ("job.succeeded" | "job.failed" | "job.canceled" | "batch.ended" | "batch.canceled") | null;
            run: number;
            /** Format: date-time */
            at: string;
            /** @description Without user, password and query. */
            url: string;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            attemptsMade: number;
            nextAttemptAt: string | null;
            /** @description The last ten, oldest first. */
            attempts: {
                /** Format: date-time */
                at: string;
                /** @description What the target answered; null where it did not. */
                status: number | null;
                /** @description Why it does not count as delivered. */
                error: string | null;
                seconds: number;
            }[];
        };
        DeliveryList: {
            deliveries: components["schemas"]["Delivery"][];
        };
        JobWebhookBody: {
            /** @enum {string} */
            type: "job.succeeded" | "job.failed" | "job.canceled";
            /** Format: date-time */
            timestamp: string;
            data: {
                job: string;
                run: number;
                batch?: string;
                /** @enum {string} */
                status: "succeeded" | "failed" | "canceled";
                verdict?: {
                    /** @enum {string} */
                    label: "fake" | "real" | "inconclusive";
                    /**
                     * @description Why the label is inconclusive.
                     * @enum {string}
                     */
                    reason?: "no_face" | "face_too_short" | "untrained_bundle" | "score_in_doubt" | "outside_calibration" | "unstable";
                    /** @description The highest track score; null when no clip could be cut. Of several bundles what their rule makes of the votes: with `mean` a score as theirs, otherwise the share that voted fake; null without a vote. */
                    score: number | null;
                    threshold: number;
                    /** @description Of a bundle with two: from `fake` on fake, below `real` real, between them inconclusive. */
                    thresholds?: {
                        real: number;
                        fake: number;
                    };
                    /** @description With the reason `outside_calibration`: in what, and by how much. */
                    outside?: {
                        /** @description A fact of `quality`, an option, `preprocessing` or `precision`. */
                        fact: string;
                        /** @description Of which face; absent for the video or the job. */
                        track?: number;
                        /** @description Null where it could not be measured. */
                        value: number | string | null;
                        /** @description What the calibration covers. */
                        range?: [
                            number,
                            number
                        ];
                        expected?: number | string;
                    }[];
                };
                error?: {
                    /** @enum {string} */
                    code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled";
                    message: string;
                };
            };
        };
        BatchWebhookBody: {
            /** @enum {string} */
            type: "batch.ended" | "batch.canceled";
            /** Format: date-time */
            timestamp: string;
            data: {
                batch: string;
                /** @enum {string} */
                status: "ended" | "refused" | "canceled";
                counts: {
                    total: number;
                    succeeded: number;
                    failed: number;
                    canceled: number;
                };
            };
        };
        Upload: {
            uploadId: string;
            url: string;
            /** @constant */
            method: "PUT";
            headers: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description Until when the address takes the video.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Until when it may be submitted; `renew` makes it later.
             */
            keptUntil?: string;
        };
        UploadState: {
            uploadId: string;
            /** @enum {string} */
            status: "open" | "stored";
            /** @description Null where the length was not told. */
            bytes: number | null;
            /**
             * Format: date-time
             * @description Until when it may be submitted; `renew` makes it later.
             */
            keptUntil: string;
            /** @description Only of an upload in parts. */
            parts?: {
                count: number;
                /** @description Length of each part but the last. */
                bytes: number;
                /** @description Ranges of the parts that are there, by their numbers from 1, both ends included. */
                stored: [
                    number,
                    number
                ][];
            };
        };
        UploadParts: {
            parts: {
                part: number;
                bytes: number;
                url: string;
                /** @constant */
                method: "PUT";
                headers: {
                    [key: string]: string;
                };
            }[];
            /**
             * Format: date-time
             * @description Until when the addresses take their parts; asked for again they are new.
             */
            expiresAt: string;
            nextFrom: number | null;
        };
        PdfPending: {
            /** @constant */
            status: "printing";
        };
        Models: {
            default: string | null;
            models: {
                id: string;
                digest: string;
                variant: string;
                trained: boolean;
                threshold: number;
                /** @description Where its clips wait. */
                queue: string;
                /** @description Inference workers that serve it now. */
                workers: number;
                /**
                 * @description It scores what others serve, and no client sees it; only keys with the role admin are told of it.
                 * @constant
                 */
                shadow?: true;
            }[];
        };
        Disagreements: {
            model: string;
            /** @description Whether STYLEFLOW_SHADOW_BUNDLES of this API names it now. */
            isShadow: boolean;
            /** @description A bundle that is not claims no verdict: only scores can be compared. */
            trained: boolean;
            /** @description Videos that have ended and that it has not scored yet. */
            waiting: number;
            /** @description Videos that could not be compared; forgotten after 30 days without another. */
            missed: {
                /** @description Too many videos or clips waited already. */
                skipped: number;
                /** @description The deadline came first. */
                expired: number;
                /** @description It scored less than four fifths of the clips. */
                incomplete: number;
            };
            /** @description By served bundle, of the latest 2000 videos that still exist. */
            against: {
                /** @description The bundle whose verdicts clients saw. */
                bundle: string;
                /** @description Compared with it. */
                videos: number;
                /**
                 * Format: date-time
                 * @description When the oldest of these comparisons was made.
                 */
                from: string;
                /** Format: date-time */
                to: string;
                /** @description Videos of which both have the same label. */
                sameVerdict: number;
                /** @description Their share of all. */
                agreement: number;
                /** @description How many videos have which pair of labels; pairs that did not occur are left out. */
                confusion: {
                    /** @enum {string} */
                    served: "fake" | "real" | "inconclusive";
                    /** @enum {string} */
                    shadow: "fake" | "real" | "inconclusive";
                    videos: number;
                }[];
                /** @description The score of the shadow less that of the served bundle. Null where no video has both. */
                scoreDifference: {
                    /** @description Of which both bundles have a score. */
                    videos: number;
                    mean: number;
                    meanAbsolute: number;
                    p5: number;
                    p25: number;
                    p50: number;
                    p75: number;
                    p95: number;
                } | null;
                /** @description Up to 20 jobs: other labels first, then by how far the scores lie apart, then the latest. */
                mostDiffering: {
                    /** @example job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D */
                    job: `job_${string}`;
                    run: number;
                    /** Format: date-time */
                    at: string;
                    served: {
                        /** @enum {string} */
                        label: "fake" | "real" | "inconclusive";
                        /**
                         * @description Why the label is inconclusive.
                         * @enum {string}
                         */
                        reason?: "no_face" | "face_too_short" | "untrained_bundle" | "score_in_doubt" | "outside_calibration" | "unstable";
                        /** @description The highest track score; null when no clip could be cut. Of several bundles what their rule makes of the votes: with `mean` a score as theirs, otherwise the share that voted fake; null without a vote. */
                        score: number | null;
                    };
                    shadow: {
                        /** @enum {string} */
                        label: "fake" | "real" | "inconclusive";
                        /**
                         * @description Why the label is inconclusive.
                         * @enum {string}
                         */
                        reason?: "no_face" | "face_too_short" | "untrained_bundle" | "score_in_doubt" | "outside_calibration" | "unstable";
                        /** @description The highest track score; null when no clip could be cut. Of several bundles what their rule makes of the votes: with `mean` a score as theirs, otherwise the share that voted fake; null without a vote. */
                        score: number | null;
                    };
                    difference: number | null;
                }[];
            }[];
        };
        System: {
            version: string;
            store: string;
            queues: components["schemas"]["QueueFacts"][];
            workers: {
                id: string;
                /** @enum {string} */
                kind: "api" | "cpu-worker" | "gpu-worker";
                version: string;
                host: string;
                pid: number;
                /** Format: date-time */
                startedAt: string;
                /** @enum {string} */
                health: "starting" | "ready" | "busy" | "draining";
                bundle?: {
                    id: string;
                    digest: string;
                    variant: string;
                    trained: boolean;
                    threshold: number;
                };
                /** @description Where the clips of its bundle wait. */
                queue?: string;
                provider?: string;
                /** @description The name of its card. */
                gpu?: string;
                card?: {
                    uuid: string;
                    memoryBytes: number;
                    memoryUsedBytes: number | null;
                    /** @description 0 to 1; also null where the card does not tell. */
                    utilization: number | null;
                };
                /** @description Entries that it holds and could hold at once, by stage. */
                slots?: {
                    [key: string]: {
                        busy: number;
                        total: number;
                    };
                };
                /** @description What keeps the decoder of strangers’ files apart: environment, session, network, limits. */
                decodeCage?: string[];
                /** @description Whether it has a browser with which it makes PDFs of reports. */
                printsReports?: boolean;
                /** @description Scored since its last announcement, a quarter of a minute ago. */
                clipsPerSecond?: number;
            }[];
        };
        Prediction: {
            df_probability: number;
            /** @enum {string} */
            prediction: "FAKE" | "REAL" | "NO_FACE" | "UNCERTAIN";
            start_time: string;
            end_time: string;
            job_id: string;
        };
        PendingPrediction: {
            /** @example job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D */
            job_id: `job_${string}`;
            /** @enum {string} */
            status: "queued" | "preparing" | "scoring" | "succeeded" | "failed" | "canceled";
            link: string;
        };
        Healthcheck: {
            healthy: boolean;
            version: string;
        };
        Health: {
            /** @enum {string} */
            health: "ready" | "draining";
        };
        Readiness: {
            /** @enum {string} */
            health: "ready" | "draining";
            ready: boolean;
            /** @description By the name of the dependency: `ok`, `timeout`, or the code of what is wrong. */
            checks: {
                [key: string]: string;
            };
        };
        QueueFacts: {
            name: string;
            /** @description An operator has stopped it: workers end what they hold and take nothing more. */
            paused: boolean;
            waiting: number;
            active: number;
            delayed: number;
            waitingChildren: number;
            failed: number;
            /** @description Entries of jobs that have not ended yet. */
            completed: number;
            /** @description Since the oldest waiting entry was added. */
            oldestSeconds: number | null;
            /** @description The model bundle whose clips wait here. */
            bundle?: string;
            /** @description Processes that take from it and have announced themselves within a minute. */
            workers: number;
        };
        QueueList: {
            queues: components["schemas"]["QueueFacts"][];
        };
        EntryList: {
            entries: {
                id: string;
                queue: string;
                /** @enum {string} */
                state: "waiting" | "active" | "delayed" | "waiting-children" | "failed" | "completed";
                /** @description Null for an entry that the product did not make; so are run, stage and clip. */
                job: `job_${string}` | null;
                run: number | null;
                stage: ("prepare" | "score" | "finish") | null;
                track: number | null;
                clip: number | null;
                /** @description Its turn among those that wait, the lowest first: owners come in turn. Null for an entry without one, which runs first. */
                turn: number | null;
                attempts: {
                    /** @description Also counts starts that ended with their worker. */
                    started: number;
                    failed: number;
                    allowed: number | null;
                };
                /** @description How often it was taken over from a lost worker. */
                takeovers: number;
                addedAt: string | null;
                ageSeconds: number | null;
                /** @description Its last attempt. */
                startedAt: string | null;
                finishedAt: string | null;
                /** @description When a delayed entry may be taken again. */
                retryAt: string | null;
                /** @description The worker that had it last. */
                takenBy: {
                    host: string;
                    pid: number;
                } | null;
                /** @description Until the lock ends that its worker renews; null when nobody holds it. Active without a lock: it was lost. */
                lockSeconds: number | null;
                /** @description Of the last attempt that failed. */
                error: {
                    /** @enum {string} */
                    code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled";
                    message: string;
                } | null;
                links: {
                    [key: string]: string;
                };
            }[];
            nextCursor: string | null;
        };
        EntryDetails: {
            id: string;
            queue: string;
            /** @enum {string} */
            state: "waiting" | "active" | "delayed" | "waiting-children" | "failed" | "completed";
            /** @description Null for an entry that the product did not make; so are run, stage and clip. */
            job: `job_${string}` | null;
            run: number | null;
            stage: ("prepare" | "score" | "finish") | null;
            track: number | null;
            clip: number | null;
            /** @description Its turn among those that wait, the lowest first: owners come in turn. Null for an entry without one, which runs first. */
            turn: number | null;
            attempts: {
                /** @description Also counts starts that ended with their worker. */
                started: number;
                failed: number;
                allowed: number | null;
            };
            /** @description How often it was taken over from a lost worker. */
            takeovers: number;
            addedAt: string | null;
            ageSeconds: number | null;
            /** @description Its last attempt. */
            startedAt: string | null;
            finishedAt: string | null;
            /** @description When a delayed entry may be taken again. */
            retryAt: string | null;
            /** @description The worker that had it last. */
            takenBy: {
                host: string;
                pid: number;
            } | null;
            /** @description Until the lock ends that its worker renews; null when nobody holds it. Active without a lock: it was lost. */
            lockSeconds: number | null;
            /** @description Of the last attempt that failed. */
            error: {
                /** @enum {string} */
                code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled";
                message: string;
            } | null;
            /** @description Keys and a version; text when it is not JSON. */
            payload: unknown;
            /** @description Why no worker would take this payload. */
            payloadProblem: string | null;
            /** @description Failed attempts, oldest first. */
            failures: {
                at: string | null;
                worker: string | null;
                /** @enum {string} */
                code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled";
                message: string;
            }[];
            parent: {
                queue: string;
                id: string;
            } | null;
            children: {
                open: number;
                completed: number;
                failed: number;
                /** @description At most 100: failed ones first, then open ones. */
                entries: {
                    queue: string;
                    id: string;
                    /** @enum {string} */
                    outcome: "open" | "completed" | "failed";
                }[];
            } | null;
            /** @description Null when the job is not there any more. */
            jobStatus: ("queued" | "preparing" | "scoring" | "succeeded" | "failed" | "canceled") | null;
            /** @description `retry` is there when the job has failed: POST to it runs the whole job again. */
            links: {
                [key: string]: string;
            };
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: "invalid_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "gone" | "payload_too_large" | "unsupported_type" | "idempotency_conflict" | "bundle_unknown" | "upload_expired" | "rate_limited" | "not_available" | "queue_full" | "queue_unavailable" | "storage_unavailable" | "internal" | "source_unreachable" | "source_forbidden" | "source_too_large" | "unsupported_media" | "media_corrupt" | "media_no_video" | "media_too_long" | "media_too_large" | "decode_timeout" | "inference_failed" | "canceled";
            instance?: string;
            /**
             * @description Of a submission that the system failed: the id that its job would have, or has.
             * @example job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D
             */
            job?: `job_${string}`;
            errors?: {
                path: string;
                message: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listJobs: {
        parameters: {
            query?: {
                status?: "queued" | "preparing" | "scoring" | "succeeded" | "failed" | "canceled";
                batch?: string;
                verdict?: "fake" | "real" | "inconclusive";
                minScore?: number;
                maxScore?: number;
                q?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request: the first job again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitBody"];
                "multipart/form-data": {
                    video: string;
                    job?: components["schemas"]["SubmitPart"];
                };
            };
        };
        responses: {
            /** @description Accepted; `Location` is the job. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. `upload_expired`: The upload has expired or was never made. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_type`: This content type is not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The idempotency key was used for another request. `bundle_unknown`: No such model bundle. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_full`: The queue is full. `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=N`: hold the answer up to N seconds, at most 60, until the job has ended. */
                Prefer?: string;
                /** @description The `ETag` of the last answer. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. `ETag`; `Retry-After` while it is unfinished. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The job has not changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will stop, or has. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description Resume after this event. */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The job has ended and no event is newer. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Result"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readReportPdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description It is being made: ask again after `Retry-After` seconds. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PdfPending"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_available`: This system lacks a program for it. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readClipPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                track: number;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFrame: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    linkJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The addresses. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobLinks"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/webm": string;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readClipDetails: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                track: number;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The details. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClipDetails"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSignature: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signature, `HEADER..SIGNATURE`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jose": string;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCustody: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log so far. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustodyLog"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readEvidence: {
        parameters: {
            query?: {
                video?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The package. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBatches: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchList"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitBatch: {
        parameters: {
            query?: {
                dryRun?: "true" | "false";
                skipInvalid?: "true" | "false";
                options?: string;
                webhookUrl?: string;
            };
            header?: {
                /** @description The same key and request: the first batch again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchBody"];
                "text/csv": string;
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Of `dryRun=true`: what would come of it. Nothing was created. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description Accepted; `Location` is the batch. Its manifest is judged in the background. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upload_expired`: The upload has expired or was never made. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_type`: This content type is not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The idempotency key was used for another request. `bundle_unknown`: No such model bundle. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readResults: {
        parameters: {
            query?: {
                format?: "ndjson" | "csv";
                cursor?: string;
                follow?: "true" | "false";
                excel?: "true" | "false";
            };
            header?: {
                /** @description `text/csv`, or NDJSON. */
                Accept?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    /** @description Where to go on. Absent once all rows have been read, and with `follow=true`. */
                    "Styleflow-Next-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readErrors: {
        parameters: {
            query?: {
                format?: "ndjson" | "csv";
                excel?: "true" | "false";
            };
            header?: {
                /** @description `text/csv`, or NDJSON. */
                Accept?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBatchDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverOfBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will end, or has. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openUpload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UploadBody"];
            };
        };
        responses: {
            /** @description The address; of an upload in parts, how it is cut. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"] | components["schemas"]["UploadState"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadState"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signParts: {
        parameters: {
            query?: {
                from?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of addresses. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadParts"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is whole. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadState"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is kept until `keptUntil`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadState"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_unavailable`: The object store cannot be reached. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bundles. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Models"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDisagreements: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of the latest videos. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Disagreements"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The system. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthcheck: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Healthcheck"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    predict: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictBody"];
                "*/*": components["schemas"]["PredictBody"];
            };
        };
        responses: {
            /** @description The prediction. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prediction"];
                };
            };
            /** @description Not over in time; follow the link. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingPrediction"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `gone`: It was here and has been deleted. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The video is at fault, or no bundle is known. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The job failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_full`: The queue is full. `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queues. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueList"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEntries: {
        parameters: {
            query?: {
                state?: "waiting" | "active" | "delayed" | "waiting-children" | "failed" | "completed";
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryList"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entry. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryDetails"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The job is not in a state that allows this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Paused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueFacts"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueFacts"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is nothing here. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: The system failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: The queue cannot be reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not ready. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: This is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys; none where nothing is signed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicKeys"];
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    describe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description `invalid_request`: no well-formed HTTP request, or one without a host. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `method_not_allowed`: another method; `Allow` has those that there are. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the headers did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the header Expect asks for more than `100-continue`. */
            417: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_request`: the request line and the headers are too long. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobEnded: {
        parameters: {
            query?: never;
            header?: {
                /** @description Made of job, run and event: the same in every attempt. */
                "webhook-id"?: string;
                /** @description Of the attempt, in seconds. */
                "webhook-timestamp"?: string;
                /** @description Where the webhook has a secret. */
                "webhook-signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobWebhookBody"];
            };
        };
        responses: {
            /** @description Nothing more is to be sent of this end. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Delivered. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    batchEnded: {
        parameters: {
            query?: never;
            header?: {
                /** @description Made of batch, run and event: the same in every attempt. */
                "webhook-id"?: string;
                /** @description Of the attempt, in seconds. */
                "webhook-timestamp"?: string;
                /** @description Where the webhook has a secret. */
                "webhook-signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchWebhookBody"];
            };
        };
        responses: {
            /** @description Nothing more is to be sent of this end. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Delivered. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
