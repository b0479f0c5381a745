# nginx for compose.yml: HTTPS in front of the web process, by deploy/nginx.conf, as nobody and on a disk that is read-only.
FROM python:3.11.16-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

RUN apt-get update \
    && apt-get install --yes --no-install-recommends nginx-light \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled/default
COPY deploy/nginx.conf /etc/nginx/conf.d/preship.conf
# In a container: the web process by its name, a port for which nobody has to be root, logs where Docker reads them.
RUN sed -i 's/127\.0\.0\.1:8000/web:8000/; s/listen 443/listen 8443/' /etc/nginx/conf.d/preship.conf \
    && sed -i '/^user /d; s#^pid .*#pid /tmp/nginx.pid;#; s#/var/log/nginx/access.log#/dev/stdout#; s#/var/log/nginx/error.log#/dev/stderr#' /etc/nginx/nginx.conf
USER 10002:10002
EXPOSE 8443
HEALTHCHECK --interval=10s --timeout=5s \
    CMD ["python", "-c", "import ssl, urllib.request; urllib.request.urlopen('https://127.0.0.1:8443/healthz', timeout=4, context=ssl._create_unverified_context())"]
CMD ["nginx", "-g", "daemon off;"]
