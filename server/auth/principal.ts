/** Who is asking, as proved by an access token whose user and session still exist. */
export type Principal = {
  userId: string;
  sessionId: string;
  email: string;
  name: string;
  roles: string[];
  createdAt: Date;
  /** beginning and end of the access token */
  issuedAt: Date;
  expiresAt: Date;
};
