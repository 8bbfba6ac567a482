#!/bin/sh
# The tests that drive the app need Chromium. In CI it is installed where it is missing; elsewhere they skip.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -n "$KB_CHROMIUM" ] && exit 0
if [ "$CI" = "true" ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null 2>&1 && exit 0
  echo "Chromium could not be installed; the tests in a browser will fail" >&2
  exit 0
fi
echo "No Chromium found: the tests in a browser are skipped (set KB_CHROMIUM to its path)" >&2
