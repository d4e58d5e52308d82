/** Where a call comes from, for the session's record and the audit trail. */
export type Caller = { userAgent: string; ip: string; requestId: string };
