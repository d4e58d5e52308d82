# One image for both processes: API nodes and workers differ only in their command.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/build ./build
COPY --from=build /app/client-demo/dist ./client-demo/dist
USER node
EXPOSE 3000
CMD ["node", "--max-old-space-size=1536", "--enable-source-maps", "build/api.js"]
