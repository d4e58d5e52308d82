// Tests compile with SWC: TypeScript 7 has no compiler API for ts-jest.
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  transform: {
    "^.+\\.tsx?$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript", tsx: false },
          target: "es2022",
          transform: {},
        },
        module: { type: "es6" },
      },
    ],
  },
  testTimeout: 60_000,
  maxWorkers: 2,
};
