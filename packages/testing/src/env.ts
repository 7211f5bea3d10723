/** Cases of each property test; the default keeps them within a second or two. */
export const propertyRuns = Number(process.env.PROPERTY_RUNS ?? 200);

/** Where they are drawn from: another number draws others. */
export const propertySeed = Number(process.env.PROPERTY_SEED ?? 20_260);
