#!/usr/bin/env bash
# The smoke suite on Node 24, from the npm package "node": a linked copy of the built checkout with better-sqlite3 compiled for it.
set -euo pipefail
cd "$(dirname "$0")/../.."
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT

npm install --prefix "$copy/node24" --no-audit --no-fund --no-save node@24
node24="$(find "$copy/node24/node_modules" -path '*/bin/node' -type f | head -n 1)"
home="$(dirname "$(dirname "$node24")")"

mkdir "$copy/checkout"
cp -al package.json packages apps libs test node_modules "$copy/checkout/"
rm -rf "$copy/checkout/node_modules/better-sqlite3"
cp -r node_modules/better-sqlite3 "$copy/checkout/node_modules/better-sqlite3"
(
  cd "$copy/checkout/node_modules/better-sqlite3"
  rm -rf build
  PATH="$(dirname "$node24"):$PATH" npm_config_nodedir="$home" "$node24" "$(npm root -g)/npm/node_modules/node-gyp/bin/node-gyp.js" rebuild --release --nodedir="$home" >"$copy/build.log" 2>&1 ||
    { tail -n 30 "$copy/build.log"; exit 1; }
)
cd "$copy/checkout"
"$node24" test/smoke/smoke.mjs
