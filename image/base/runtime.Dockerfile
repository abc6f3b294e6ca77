# Stands in for public.ecr.aws/lambda/nodejs:24 where there is no Docker to fetch it: Debian unpacked by debootstrap, the
# Node of package.json, and a runtime interface client of ours. It is for tests; what is deployed is built on AWS's own.
FROM scratch
COPY . /
ENV PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 TZ=:UTC LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime
WORKDIR /var/task
ENTRYPOINT ["/usr/local/bin/node", "/var/runtime/index.mjs"]
