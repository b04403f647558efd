# The program and nothing else: no shell, no package manager, no user but one without rights.
#   docker build -t roundup . && docker run --rm -v roundup:/var/lib/roundup roundup init /var/lib/roundup
#   docker run -d --name roundup -v roundup:/var/lib/roundup -e NCBI_EMAIL=you@example.org --read-only roundup
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev ca-certificates
WORKDIR /roundup
COPY . .
RUN cargo build --locked --profile dist && mkdir -p /home-of/var/lib/roundup /home-of/tmp && chmod 1777 /home-of/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /roundup/target/dist/roundup /usr/bin/roundup
COPY --from=build --chown=65532:65532 /home-of/ /
USER 65532:65532
ENV ROUNDUP_HOME=/var/lib/roundup
VOLUME ["/var/lib/roundup"]
ENTRYPOINT ["/usr/bin/roundup"]
# Nobody outside of the container can ask it, so it answers nobody.
CMD ["daemon", "--no-listen"]
