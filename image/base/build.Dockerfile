# Stands in for public.ecr.aws/docker/library/node:24-bookworm-slim: the runtime's stand-in with npm.
ARG RUNTIME_IMAGE
FROM ${RUNTIME_IMAGE}
COPY . /
# certificates of this machine are mounted there while the image is built
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
ENTRYPOINT []
