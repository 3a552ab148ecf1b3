#!/usr/bin/env bash
# The smoke suite on Node 24, from the npm package "node": a linked copy of the built checkout with better-sqlite3 compiled for it.
# In two steps, since compiling takes a minute and needs nothing of the checkout but its lock: `node24.sh compile FOLDER`, and when the
# checkout is built, `node24.sh run FOLDER`.
set -euo pipefail
cd "$(dirname "$0")/../.."
step="$1"
folder="$2"

node24() { find "$folder/node24/node_modules" -path '*/bin/node' -type f | head -n 1; }

locked_version() { node -p "require('./package-lock.json').packages['node_modules/$1'].version"; }

compile() {
  npm install --prefix "$folder/node24" --no-audit --no-fund --no-save node@24
  npm pack --silent --pack-destination "$folder" "better-sqlite3@$(locked_version better-sqlite3)"
  tar -xzf "$folder"/better-sqlite3-*.tgz -C "$folder"
  local home npm_folder
  home="$(dirname "$(dirname "$(node24)")")"
  npm_folder="$(npm root -g)/npm"
  cd "$folder/package"
  PATH="$home/bin:$PATH" npm_config_nodedir="$home" "$home/bin/node" "$npm_folder/node_modules/node-gyp/bin/node-gyp.js" rebuild --release --nodedir="$home" >"$folder/build.log" 2>&1 ||
    { tail -n 30 "$folder/build.log"; exit 1; }
}

run() {
  local copy="$folder/checkout"
  mkdir "$copy"
  cp -al package.json packages apps libs test node_modules "$copy/"
  rm -rf "$copy/node_modules/better-sqlite3"
  mv "$folder/package" "$copy/node_modules/better-sqlite3"
  local node
  node="$(node24)"
  cd "$copy"
  "$node" test/smoke/smoke.mjs
}

"$step"
