#!/usr/bin/env bash
# Renews src/build/classes.txt, of which the start-up archives are dumped: runs the commands of rehearsal-*.txt on the image in
# target/deployctl, several times for what is loaded by chance, against a local stand-in for AWS and Slack, and writes down the
# classes that each kind of command loads. To be run after './mvnw package' when libraries or many classes have changed, and
# committed: the build reads the file and runs nothing, so that the same commit gives the same image.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
image=$root/target/deployctl
jdk=$(cat "$root/target/image/jdk")
work=$(mktemp -d)
trap 'kill "${TRAINING_PID:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

coproc TRAINING { exec "$jdk/bin/java" "$root/src/build/TrainingServer.java"; }
read -r port <&"${TRAINING[0]}"
seen=()
for kind in local aws slack; do
  for run in 1 2 3; do
    folder=$work/$kind.$run
    mkdir -p "$folder/active"
    cp "$root/src/main/dist/deployctl.example.yml" "$folder/example.yml"
    cp "$root/src/build/rehearsal-registry.json" "$folder/active/deployments.json"
    (
      cd "$folder"
      env -i HOME="$folder" PATH="$PATH" AWS_ACCESS_KEY_ID=training AWS_SECRET_ACCESS_KEY=training AWS_REGION=us-east-1 \
        AWS_ENDPOINT_URL="http://127.0.0.1:$port" SLACK_API_URL="http://127.0.0.1:$port/api/" SLACK_BOT_TOKEN=training USER=training \
        "$image/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:disable -Djava.awt.headless=true \
        "-XX:DumpLoadedClassList=$work/$kind.$run.loaded" -cp "$image/lib/deployctl.jar" deployctl.app.Rehearsal
    ) <"$root/src/build/rehearsal-$kind.txt" >"$work/log" 2>&1 || {
      printf 'rehearse: the %s commands failed:\n' "$kind" >&2
      cat "$work/log" >&2
      exit 1
    }
    seen+=("$kind=$work/$kind.$run.loaded")
  done
done
"$jdk/bin/javac" --release 17 -d "$work/build" "$root/src/build/ClassList.java" "$root/src/build/LoadedClasses.java"
"$image/runtime/bin/java" -cp "$work/build:$image/lib/deployctl.jar" LoadedClasses "$work/classes.txt" \
  "# Written by src/build/rehearse.sh: kinds of commands, a class that they load, its call sites in use." "${seen[@]}"
mv "$work/classes.txt" "$root/src/build/classes.txt"
printf 'rehearse: %s classes in src/build/classes.txt\n' "$(grep -vc '^#\|@' "$root/src/build/classes.txt")"
