#!/usr/bin/env bash
# Makes the image in target/deployctl: launcher, jars, a runtime of its own, and trained start-up archives; and the
# tarball of it. Called by Maven at the end of 'package', with the version of the project and the time that everything in the
# image has. The same sources and the same JDK give the same image, byte for byte, in whatever folder and whenever.
set -euo pipefail
version=$1
time=$2
umask 022
export LC_ALL=C TZ=UTC
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
target=$root/target
image=$target/deployctl
work=$target/image

say() { printf 'image: %s\n' "$*"; }

# The newest JDK of 17 or later that has jlink and javac. DEPLOYCTL_JDK overrules the search.
java_major() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null; }
find_jdk() {
  if [ -n "${DEPLOYCTL_JDK:-}" ]; then
    printf '%s\n' "$DEPLOYCTL_JDK"
    return
  fi
  local best='' newest=16 candidate major javac
  javac=$(command -v javac || true)
  [ -z "$javac" ] || javac=$(dirname -- "$(dirname -- "$(readlink -f -- "$javac")")")
  for candidate in "${JAVA_HOME:-}" "$javac" "${!JAVA_HOME_@}" /usr/lib/jvm/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    case $candidate in JAVA_HOME_*) candidate=${!candidate} ;; esac
    [ -x "$candidate/bin/jlink" ] && [ -x "$candidate/bin/javac" ] || continue
    major=$(java_major "$candidate")
    if [ -n "$major" ] && [ "$major" -gt "$newest" ]; then
      newest=$major
      best=$candidate
    fi
  done
  printf '%s\n' "$best"
}
jdk=$(find_jdk)
if [ ! -x "$jdk/bin/jlink" ]; then
  say "no JDK of 17 or later with jlink was found; set DEPLOYCTL_JDK to one" >&2
  exit 1
fi
major=$(java_major "$jdk")
say "runtime from JDK $major ($jdk)"
mkdir -p "$work"
printf '%s\n' "$jdk" >"$work/jdk"

rm -rf "$image"
mkdir -p "$image/bin" "$image/lib" "$image/share"

# The jar: our classes and the libraries in one. picocli's published classes are of a version that start-up archives
# refuse, so they are compiled anew from their sources.
rm -rf "$work/picocli-classes"
mkdir -p "$work/picocli-classes"
find "$work/picocli-sources/picocli" -name '*.java' >"$work/picocli-sources.txt"
"$jdk/bin/javac" -nowarn -Xlint:none -proc:none --release 17 -d "$work/picocli-classes" "@$work/picocli-sources.txt" 2>"$work/picocli.log" ||
  { cat "$work/picocli.log" >&2; exit 1; }
"$jdk/bin/java" "$root/src/build/ReproducibleJar.java" "$work/deployctl-small.jar" "$work/picocli-classes" "$time" "$image/lib/deployctl.jar"

# The runtime: only the modules in use, without the tools' leftovers.
modules=java.base,java.logging,java.management,java.naming,java.security.jgss,java.xml,jdk.crypto.ec,jdk.unsupported
compress=zip-9
[ "$major" -ge 21 ] || compress=2
"$jdk/bin/jlink" --add-modules "$modules" --output "$image/runtime" \
  --strip-debug --no-header-files --no-man-pages "--compress=$compress"

# One thread of work, short life: the serial collector and the first compiler only. Without an archive that fits, the JVM
# would warn on stdout, which belongs to the result.
quiet=,cds*=off
[ "$major" -lt 24 ] || quiet=,cds*=off,aot*=off
java_options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms48m -Xmn28m -Xmx512m -Xss1m"
java_options+=" -Xlog:disable -Xlog:all=error$quiet:stderr -XX:+DisplayVMOutputToStderr -Dfile.encoding=UTF-8 -Djava.awt.headless=true"
# Below it the runtime does not start with these options (measured, in KiB).
least_address_space=2400000
sed -e "s|@JAVA_OPTIONS@|$java_options|" -e "s|@LEAST_ADDRESS_SPACE@|$least_address_space|g" "$root/src/main/dist/bin/deployctl" >"$image/bin/deployctl"
chmod 755 "$image/bin/deployctl"
cp "$root/README.md" "$root/CHANGELOG.md" "$root/CONTRIBUTING.md" "$root/SECURITY.md" "$root/LICENSE" "$image/"
cp -R "$root/docs" "$image/docs"
cp "$root/src/main/dist/deployctl.example.yml" "$image/share/"
cp -R "$root/src/main/dist/examples" "$image/share/examples"
cp "$target/sbom.json" "$image/share/sbom.json"
"$jdk/bin/java" -cp "$image/lib/deployctl.jar" "$root/src/build/ThirdParty.java" "$target/sbom.json" "$root/src/main/dist/licenses" \
  "$work/class-path" "$image/share"
git -C "$root" rev-parse --short=12 HEAD >"$image/COMMIT" 2>/dev/null || printf 'unknown\n' >"$image/COMMIT"

# The archives are tied to the times of the jar and the runtime.
same_time() { find "$image" -exec touch -h -d "$time" {} +; }
same_time

# Start-up archives, each of the classes that the commands of its kind load.
linked=false
[ "$major" -lt 24 ] || linked=true
"$jdk/bin/javac" --release 17 -d "$work/build" "$root/src/build/ClassList.java"
read -r -a options <<<"$java_options"
for kind in local aws slack; do
  # Named as seen from the image: where that lies does not matter, now and later.
  (
    "$image/runtime/bin/java" -cp "$work/build:$image/lib/deployctl.jar" ClassList "$root/src/build/classes.txt" "$kind" $linked \
      "$work/$kind.classes" || exit 1
    cd "$image" || exit 1
    dump=(-Xshare:dump "-XX:SharedClassListFile=$work/$kind.classes" -cp lib/deployctl.jar)
    [ $linked = false ] || dump=(-XX:+AOTClassLinking "${dump[@]}")
    for copy in 1 2; do
      env -i runtime/bin/java "${options[@]}" "-XX:SharedArchiveFile=$work/$kind.$copy.jsa" "${dump[@]}" || exit 1
    done
    "$jdk/bin/java" "$root/src/build/ReproducibleArchive.java" "$work/$kind.1.jsa" "$work/$kind.2.jsa" "lib/$kind.jsa"
  ) >"$work/$kind.log" 2>&1 || {
    say "the archive of the $kind commands was not made:" >&2
    cat "$work/$kind.log" >&2
    exit 1
  }
done

mkdir -p "$image/share/completions"
for shell in bash zsh fish; do
  "$image/bin/deployctl" completion "$shell" >"$image/share/completions/deployctl.$shell"
done

same_time
tar -C "$target" --format=gnu --owner=0 --group=0 --numeric-owner --sort=name --mtime="$time" -cf - deployctl |
  gzip -n >"$target/deployctl-$version.tar.gz"
say "$(du -sm "$image" | cut -f1) MB in $image, $(du -m "$target/deployctl-$version.tar.gz" | cut -f1) MB packed"
