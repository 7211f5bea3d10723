/** Cases of each property test; the default keeps them within a second or two. */
export const propertyRuns = Number(process.env.PROPERTY_RUNS ?? 200);
