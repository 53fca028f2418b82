/**
 * The shell script around a child, run by any POSIX `sh`. It is process 1 of the new namespaces (where there are any),
 * builds the child's root folder, sets the limits, starts the child without the control descriptor, and reports on
 * descriptor 3 what the kernel counted: the exit status and the CPU time of everything it waited for.
 *
 * Arguments: how to enter (`chroot`, `unshare` or `plain`), the tool for it (for `plain`: setpriv, by which the child
 * dies with the script, or `-`), the folder to become the root, CPU
 * seconds, data KiB, address space KiB, processes, user id; the files to show, `--`, the command.
 */
export const LAUNCH_SCRIPT = `
set -eu
enter=$1 tool=$2 root=$3 cpu=$4 data=$5 space=$6 processes=$7 user=$8
shift 8
if [ "$enter" != plain ]; then
  mount -t tmpfs -o size=1m,mode=755,nosuid,nodev tmpfs "$root"
  while [ "$1" != -- ]; do
    mkdir -p "$root\${1%/*}"
    : > "$root$1"
    mount --bind "$1" "$root$1"
    mount -o remount,bind,ro,nosuid,nodev "$root$1"
    shift
  done
  mount -o remount,bind,ro,nosuid,nodev "$root"
fi
while [ "$1" != -- ]; do shift; done
shift
ulimit -c 0
ulimit -f 0
ulimit -n 64
ulimit -d "$data"
ulimit -v "$space"
ulimit -S -t "$cpu"
ulimit -H -t "$((cpu + 1))"
# bash and busybox say -u, dash says -p
(ulimit -u "$processes") 2>/dev/null && ulimit -u "$processes" || ulimit -p "$processes"
unset PATH PWD OLDPWD SHLVL
set +e
case $enter in
  chroot) "$tool" --userspec="$user:$user" --groups= "$root" "$@" 3>&- ;;
  unshare) "$tool" --user --map-user=65534 --map-group=65534 --root="$root" --wd=/ -- "$@" 3>&- ;;
  plain) if [ "$tool" = - ]; then "$@" 3>&-; else "$tool" --pdeathsig KILL "$@" 3>&-; fi ;;
esac
echo "exit $?" >&3
times >&3
`;
