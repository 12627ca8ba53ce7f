#!/bin/sh
# What the tool `winusb` promises on any machine, without a USB device: exit codes, help, complaints,
# a simulated run as table, JSON Lines and picture, and a clean end by Ctrl-C.
#
# usage: cli.sh WINUSB
set -u

winusb=$(realpath "$1")
hung=120 # [s] when the tool is taken for hung
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "FAILED: $*" >&2
    sed 's/^/    /' "$work/out" "$work/err" >&2
    failures=$((failures + 1))
}

# expect STATUS ARGUMENT...: runs the tool, keeps what it writes in out and err
expect() {
    wanted=$1
    shift
    "$winusb" "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ "$status" -eq "$wanted" ] || fail "winusb $*: exit status $status, not $wanted"
}

# says WHERE PATTERN: the last run's out or err has a line like this
says() {
    grep -qE -e "$2" "$work/$1" || fail "nothing like '$2' in $1"
}

silent() {
    [ ! -s "$work/$1" ] || fail "$1 is not empty"
}

# Help and version go to stdout, complaints to stderr.
expect 0 --help && says out '^Usage: winusb COMMAND' && silent err
expect 0 --version && says out '^winusb [0-9]+\.[0-9]+\.[0-9]+$'
expect 0 list --help && says out '^Usage: winusb list'
for command in info read write control timesync wine 'wine install' 'wine uninstall' \
    'wine publish' 'wine unpublish' 'wine watch' 'wine status'; do
    # shellcheck disable=SC2086 # several arguments
    expect 0 $command --help && silent err
    says out "^Usage: winusb $command" && says out '^Examples:' && says out '^Exit status'
done
expect 2 && says err 'winusb --help' && silent out
expect 2 nonsense && says err "no command is called 'nonsense'" && silent out

# Wrong usage is told from failure.
for wrong in --bogus '--seconds x' '--seconds -1' '--interval 0' '--source moon' '--sim drift=1' \
    'no-such-form' '1-1 1-2' '--source sim 1-1' --plot; do
    # shellcheck disable=SC2086 # several arguments
    expect 2 timesync $wrong && says err 'winusb timesync --help' && silent out
done
expect 2 list --bogus && expect 2 list extra
wrong() {
    expect 2 "$@" && says err "winusb $1 --help" && silent out
}
for command in info read write control; do
    wrong $command && says err 'which device'
    wrong $command no-such-form
    wrong $command 1-1 --bogus
done
wrong info 1-1 1-2
wrong read 1-1 && says err 'which pipe'
wrong read 1-1 0x01 && says err 'other direction; 0x81'
wrong write 1-1 0x01 && says err 'write what'
wrong write 1-1 0x01 0102 03x && says err "'03x'"
wrong write 1-1 0x01 - --repeat 2 && says err 'only once'
wrong control 1-1 0x80 6 && says err 'which value'
wrong control 1-1 0x80 6 0x100 0 4097 && says err "'4097' is no length: .0..4096."
wrong read 1-1 0x81 --length 0 && says err "^winusb: --length takes 1 to 67108864 bytes, not '0'"
wrong write 1-1 0x01 00 --queue 65 && says err "^winusb: --queue takes 1 to 64, not '65'"
wrong control 1-1 0x80 6 0 0 --timeout x && says err '^winusb: --timeout takes 0 to 4294967295 ms'
wrong write 1-1 0x01 00 --for x && says err '^winusb: --for takes 0 to 1e9 seconds'
wrong info 1-1 --interface 256 && says err '^winusb: --interface takes 0 to 255'
wrong timesync --interval 0 && says err '^winusb: --interval takes 0.01 to 1e9 seconds'
expect 1 timesync ffff:fffe && says err 'no device ffff:fffe'
expect 1 timesync /dev/bus/usb/999/999 && says err 'not found'
fails_without_device() {
    command=$1
    shift
    expect 1 "$command" ffff:fffe "$@" && says err 'no device ffff:fffe' && silent out
    expect 1 "$command" /dev/bus/usb/999/999 "$@" && says err 'not found' && silent out
}
fails_without_device info
fails_without_device read 0x81
fails_without_device write 0x01 00
fails_without_device control 0x80 6 0 0
# Files come before the device: a wrong path does not disturb it.
for command in 'read ffff:fffe 0x81 --out' 'write ffff:fffe 0x01 --file' \
    'control ffff:fffe 0x80 6 0 0 --out'; do
    # shellcheck disable=SC2086 # several arguments
    expect 1 $command "$work/no/such/file" && says err 'no/such/file: No such file' && silent out
    if grep -q 'no device' "$work/err"; then fail "looked for the device first"; fi
done
# Nor does Ctrl-C wait while a FIFO has no other end.
mkfifo "$work/fifo"
for command in 'read ffff:fffe 0x81 --out' 'write ffff:fffe 0x01 --file'; do
    # shellcheck disable=SC2086 # several arguments
    timeout --signal=INT --kill-after=$hung 0.2 "$winusb" $command "$work/fifo" 2>"$work/err"
    status=$?
    [ "$status" -eq 124 ] || fail "exit status $status while a FIFO waits"
done
# What cannot be rewound is not written once where it was to be many times.
for option in '--repeat 2' '--for 1'; do
    # shellcheck disable=SC2086 # an option and its value
    printf x | "$winusb" write ffff:fffe 0x01 --file /dev/stdin $option 2>"$work/err"
    status=$?
    [ "$status" -eq 1 ] || fail "exit status $status for a pipe and $option"
    says err 'only once'
done
expect 1 info ffff:fffe --interface 3 && says err 'with an interface 3'
expect 1 timesync --source sim --sim nonsense=1 && says err 'cannot simulate nonsense=1'

# follow SECONDS PATTERN ARGUMENT...: runs on the simulated controller; once more and for longer where
# the last line like the pattern is missing, as on a busy machine there are fewer samples in the time
follow() {
    seconds=$1
    pattern=$2
    shift 2
    for longer in 1 4 16 64; do
        longer=$(awk "BEGIN { print $seconds * $longer }")
        ! "$winusb" timesync --source sim --seconds "$longer" "$@" >"$work/out" 2>"$work/err" ||
            ! grep -qE -e "$pattern" "$work/out" || return 0
    done
    fail "winusb timesync $*: no success with '$pattern' in out"
}

# A simulated controller is followed truly, whose rate is known.
follow 1 '^rate +\+3[67]\.[0-9]+ ppm$' --sim drift=37,wander=0 --interval 0.25
silent err
says out '^frame source: sim$'
says out '^answers +[1-9][0-9]*, withheld [0-9]+, generations 1$'
says out 'outside their bound: 0\)$'

# A reset makes a new generation.
follow 1 'generations 2$' --sim reset=0.5 --interval 0.2
says out 'outside their bound: 0\)$'

# JSON Lines: one object a line, of known types.
expect 0 timesync --source sim --seconds 0.5 --interval 0.25 --json
[ "$(grep -vc '^{"type":".*}$' "$work/out")" -eq 0 ] || fail "not one object a line"
says out '^\{"type":"run",.*"source":"sim"'
says out '^\{"type":"sample",.*"residual_us":null,'
says out '^\{"type":"summary",.*"outside_bound":0\}$'
expect 0 list --json && says out '^\[' && says out '\]$'

# No colours where there is no terminal.
if grep -q "$(printf '\033')" "$work/out"; then fail "escape sequences"; fi

# Ctrl-C ends with the summary: when the first samples have been told, however soon that is.
# (In a process group of its own, where SIGINT is not ignored as for a shell's background jobs.)
await_samples() {
    for _ in $(seq ${hung}0); do
        [ "$(wc -l <"$work/out")" -lt 5 ] || return 0
        sleep 0.1
    done
    fail "no samples came"
}
for signal in INT TERM HUP; do
    : >"$work/out"
    timeout $hung "$winusb" timesync --source sim --seconds 0 --interval 0.1 >"$work/out" \
        2>"$work/err" &
    await_samples
    kill -s "$signal" $!
    wait $!
    status=$?
    [ "$status" -eq 0 ] || fail "exit status $status after SIG$signal"
    says out '^answers +[0-9]+'
done

# What stdout does not take is told.
for arguments in --help 'info --help' 'wine --help' --version 'list --json' 'wine status --prefix /' \
    'timesync --source sim --seconds 0 --interval 0.1'; do
    # shellcheck disable=SC2086 # several arguments
    timeout $hung "$winusb" $arguments >/dev/full 2>"$work/err"
    status=$?
    [ "$status" -eq 1 ] || fail "winusb $arguments >/dev/full: exit status $status"
    says err 'cannot write standard output: No space left'
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "complained twice"
done

# So does a reader that has gone, which is told.
{
    timeout $hung "$winusb" timesync --source sim --seconds 0 --interval 0.1 2>"$work/err"
    echo $? >"$work/status"
} | head -n 1 >"$work/out"
[ "$(cat "$work/status")" -eq 1 ] || fail "exit status $(cat "$work/status") without a reader"
says err 'cannot write standard output: Broken pipe'

# Wine prefixes: what can be told without Wine, in one that is made up.
expect 2 wine && says err 'winusb wine --help' && silent out
expect 2 wine nonsense && says err "no command of it is called 'nonsense'"
for wrong in 'install extra' 'install --json' 'status 1-2' 'watch --guid {}' 'publish no-such-form' \
    'publish 1-1 1-2' 'publish --guid {1}' 'unpublish --inf x' 'publish hubs --inf x' \
    'publish hubs --guid {01234567-89ab-cdef-0123-456789abcdef}' 'unpublish Hubs'; do
    # shellcheck disable=SC2086 # several arguments
    expect 2 wine $wrong && says err "winusb wine ${wrong%% *} --help" && silent out
done
unset WINEPREFIX
prefix=$work/prefix
for command in install uninstall publish unpublish watch; do
    expect 1 wine $command --prefix "$prefix" && says err "$prefix.*wineboot" && silent out
done
expect 0 wine status --prefix "$prefix" && says out 'There is no folder' && silent err
mkdir -p "$prefix/pfx/dosdevices"
expect 0 wine status --prefix "$prefix" && says out 'There is no Wine prefix' && silent err
printf 'WINE REGISTRY Version 2\n\n#arch=win64\n' >"$prefix/pfx/system.reg"
expect 1 wine install --prefix "$prefix" && says err "in the folder pfx there: .*--prefix $prefix/pfx"
# What is told to be typed is as a shell takes it, and names what was meant.
mkdir "$work/it's ü"
cd "$work/it's ü" || exit 1
WINE=/some/wine expect 1 wine install --prefix "a b" # Wine takes no relative path
says err "WINEPREFIX='$work/it'\\\\''s ü/a b' wineboot --init"
WINE=true expect 1 wine install --prefix '../it'"'"'s ü'
says err "WINEPREFIX='$work/it'\\\\''s ü' .*/true wineboot --init"
WINEPREFIX=none/ HOME=/nonexistent expect 1 wine install && says err "$work/it's ü/none/"
HOME="$work/it's ü" WINEPREFIX='' expect 1 wine install && says err "There is no folder $work/it's ü/.wine"
cd - >/dev/null || exit 1
expect 2 wine install --prefix '' && says err "^winusb: --prefix takes a folder"
expect 1 wine install --prefix "$(printf '%05000d' 0)" && says err 'too long'
rm -r "$prefix"
mkdir -p "$prefix/dosdevices" "$prefix/drive_c/windows/system32"
for command in install uninstall publish unpublish watch; do
    expect 1 wine $command --prefix "$prefix" && says err 'Wine is still making' && silent out
done
expect 0 wine status --prefix "$prefix" && says out 'Wine is still making' && silent err
expect 0 wine status --prefix "$prefix" --json && says out '"prefix_kind": "unfinished"'
printf 'WINE REGISTRY Version 2\n\n#arch=win32\n' >"$prefix/system.reg"
WINE=false expect 1 wine install --prefix "$prefix" && says err 'nothing is installed' && silent out
expect 0 wine status --prefix "$prefix" --json && says out '"prefix_kind": "win32"'
printf 'WINE REGISTRY Version 2\n\n#arch=win64\n' >"$prefix/system.reg"
WINE=$work/none expect 0 wine status --prefix "$prefix" && says out 'Wine is missing'
WINE=$work/none expect 1 wine publish --prefix "$prefix" && says err 'there is no .*none'
WINE=false expect 1 wine publish --prefix "$prefix" && silent out
WINE=/dev/null expect 1 wine publish --prefix "$prefix"
echo nonsense >"$prefix/winusb/rules"
expect 1 wine publish 1-2 --prefix "$prefix" && says err 'rules: line 1 is no rule'
expect 0 wine status --prefix "$prefix" && says out 'Line 1 of .*rules'
expect 1 wine publish --prefix "$prefix" --inf "$work/none.inf" && says err 'none.inf: No such file'
echo '[Version]' >"$work/empty.inf"
expect 1 wine publish --prefix "$prefix" --inf "$work/empty.inf" && says err 'no USB device'
expect 0 wine uninstall --prefix "$prefix" && says out 'is not installed'
[ ! -e "$prefix/winusb" ] || fail "winusb wine uninstall leaves its folder"

# Installing, with stand-ins for our files and for Wine: it notes what it is to do, and sets or takes
# back the override as winusb-wine.exe would.
installed=$winusb
winusb=$work/install/winusb
system32=$prefix/drive_c/windows/system32
syswow64=$prefix/drive_c/windows/syswow64
mkdir -p "$work/install/wine/x64" "$work/install/wine/x86" "$syswow64"
cp "$installed" "$winusb"
make_files() { # VERSION
    for processor in x64 x86; do
        printf 'MZ %s\0this is OpenWinUSB for Wine, %s\0' $processor "$1" \
            >"$work/install/wine/$processor/winusb.dll"
    done
    : >"$work/install/wine/x64/winusb-wine.exe"
    : >"$work/install/wine/x86/winusb-wine.exe"
    echo "so64 $1" >"$work/install/wine/winusb-64.so"
    echo "so32 $1" >"$work/install/wine/winusb-32.so"
}
make_files 1.2.3
cat >"$work/wine" <<'END'
#!/bin/sh
[ "$1" != --version ] || { echo wine-99.9; exit; }
[ ! -e "$0.hangs" ] || exec sleep 60
[ ! -e "$0.fails" ] || exit "$(cat "$0.fails")"
! rm "$0.fails.late" 2>/dev/null || { sleep 1; exit 3; }
echo "$WINEPREFIX $*" >>"$0.log"
echo "${WINELOADER-none}" >"$0.loader"
case $2 in
    override)
        printf '[Software\\\\OpenWinUSB] 1\n[Software\\\\Wine\\\\DllOverrides] 1\n"winusb"="native,builtin"\n' \
            >"$WINEPREFIX/user.reg"
        echo set it ;;
    restore) : >"$WINEPREFIX/user.reg" ;;
esac
END
chmod +x "$work/wine"
printf '%-64sWine builtin DLL' MZ >"$system32/winusb.dll"
ln -s /nonexistent/i386-windows/winusb.dll "$syswow64/winusb.dll"
: >"$prefix/user.reg"
snapshot() { # FILE
    (cd "$prefix" && find . -printf '%p %y %l\n' | sort && find . -type f -exec cksum {} + | sort) >"$1"
}
same() {
    snapshot "$work/now"
    diff "$work/before" "$work/now" >&2 || fail "the prefix is not as it was (> is new)"
}
snapshot "$work/before"
export WINE="$work/wine"
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +no: winusb.dll is Wine.s own'
says out '^  32-bit +no: winusb.dll is a symbolic link' && says out '^ +named by WINE$'
says out 'winusb wine install'
echo 3 >"$work/wine.fails"
expect 1 wine install --prefix "$prefix" && says err 'exit status 3' && same
says err 'nothing is installed'
rm "$work/wine.fails"
: >"$work/wine.hangs"
timeout --signal=INT --kill-after=$hung 1 "$winusb" wine install --prefix "$prefix" 2>"$work/err" >"$work/out"
status=$?
[ "$status" -eq 124 ] || fail "exit status $status of an installation that Ctrl-C ends"
says err 'nothing is installed' && same
rm "$work/wine.hangs"
WINE=$work/none expect 1 wine install --prefix "$prefix" && says err 'no program .*none, named by WINE' && same
expect 1 wine install --prefix "$prefix" --wine /none && says err 'no program /none, named by --wine' && same
WINELOADER=/other/wine expect 0 wine install --prefix "$prefix" && silent err && says out '^set it$'
[ "$(cat "$work/wine.loader")" = none ] || fail "another Wine's WINELOADER is handed on"
says out "^installed winusb.dll; the one that was there is kept: $system32/winusb.dll"
says out "^installed winusb.dll; the link that was there is kept: $syswow64/winusb.dll"
says out '^installed winusb-64.so: ' && says out '^installed winusb-32.so: '
grep -qx "$prefix .*/wine/x64/winusb-wine.exe override" "$work/wine.log" || fail "Wine ran something else"
expect 0 wine install --prefix "$prefix" && says out 'installed already' && silent err
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +yes, .* 1\.2\.3$'
says out '^  32-bit +yes, .* 1\.2\.3$' && says out '^winusb.dll  installed$'
expect 0 wine status --prefix "$prefix" --json && says out '"override": "native,builtin"'
[ "$(grep -c '"served": true' "$work/out")" -eq 2 ] || fail "programs are not served"
WINEDLLOVERRIDES=winusb=b expect 0 wine status --prefix "$prefix"
says out '^  64-bit +no: .*WINEDLLOVERRIDES .*winusb=b' && says out 'WINEDLLOVERRIDES .*remove'
! grep -q 'wine install' "$work/out" || fail "advises to install what is there"
mv "$prefix/user.reg" "$work/user.reg"
touch -d '1 hour' "$prefix/user.reg"
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +no: there is no override'
mv "$work/user.reg" "$prefix/user.reg"
rm "$prefix/winusb/winusb-64.so"
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +no: winusb/winusb-64.so is missing'
expect 0 wine install --prefix "$prefix" && says out '^installed winusb-64.so: '
make_files 1.2.4
expect 0 wine status --prefix "$prefix" && says out 'Another version .*winusb wine install'
expect 0 wine install --prefix "$prefix" && says out '^installed winusb.dll in place of an earlier one'
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +yes, .* 1\.2\.4$'
rm "$work/install/wine/winusb-64.so"
expect 1 wine install --prefix "$prefix" && says err 'there is no winusb-64.so to install'
make_files 1.2.4
WINE=$work/none expect 1 wine uninstall --prefix "$prefix" && says err 'no program .*none'
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +yes'
expect 0 wine uninstall --prefix "$prefix" && silent err
says out "^removed winusb.dll; the one that was there before is back: $system32" && same
rm "$work/install/wine/x86/winusb.dll"
expect 0 wine install --prefix "$prefix" && says err '32-bit programs are not served: .*x86/winusb.dll'
expect 0 wine uninstall --prefix "$prefix" && same
make_files 1.2.5

# A disk that is full, as far as a limit to what a file may hold goes for one.
head -c 2000000 /dev/zero >>"$work/install/wine/winusb-32.so"
(
    trap '' XFSZ
    ulimit -f 2048
    "$winusb" wine install --prefix "$prefix"
) >"$work/out" 2>"$work/err"
status=$?
[ "$status" -eq 1 ] || fail "exit status $status with a full disk"
says err 'cannot install winusb-32.so in .*: File too large; nothing has changed' && same
make_files 1.2.5

# The prefix may be named in any way, and Wine is told where it is; status says how to name it again.
ln -s "$prefix" "$work/a link"
for named in "$prefix/" "$work/a link" "$work/a link/" prefix ./prefix//; do
    rm -f "$work/wine.log"
    (cd "$work" && exec "$winusb" wine install --prefix "$named") >"$work/out" 2>"$work/err" ||
        fail "not installed with --prefix $named"
    grep -q "^$prefix " "$work/wine.log" || fail "Wine is told another prefix: $named"
    WINEPREFIX=$named && export WINEPREFIX
    (cd "$work" && exec "$winusb" wine uninstall) >"$work/out" 2>"$work/err" ||
        fail "not uninstalled with WINEPREFIX=$named"
    unset WINEPREFIX
    same
done
expect 0 wine status --prefix "$work/a link" && says out "^\* .*: winusb wine install --prefix $prefix\$"
WINEPREFIX=$prefix expect 0 wine status && says out '^\* .*: winusb wine install$'
mkdir "$work/home"
ln -s "$prefix" "$work/home/.wine"
HOME=$work/home expect 0 wine install && says out "$prefix/winusb/winusb-64.so"
HOME=$work/home expect 0 wine uninstall && same

# Two at a time: the second waits for the first, which fails and removes what both have made.
: >"$work/wine.fails.late"
"$winusb" wine install --prefix "$prefix" >"$work/first" 2>&1 &
while [ -e "$work/wine.fails.late" ]; do sleep 0.02; done
expect 0 wine install --prefix "$prefix" && says out '^installed winusb-64.so: ' && silent err
if wait $!; then fail "the first one has not failed"; fi
grep -q 'nothing is installed' "$work/first" || fail "the first one does not say so"
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +yes'
expect 0 wine uninstall --prefix "$prefix" && same

# The ELF file of earlier versions, which took no override, is replaced and leaves nothing behind.
mkdir -p "$prefix/winusb/devices"
: >"$prefix/winusb/lock"
mv "$system32/winusb.dll" "$prefix/winusb/winusb.dll.aside"
printf '\177ELF ours' >"$system32/winusb.dll"
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +yes'
says out '^  32-bit +no: .*64-bit programs alone'
snapshot "$work/elf"
echo 3 >"$work/wine.fails"
expect 1 wine install --prefix "$prefix" && snapshot "$work/now"
diff "$work/elf" "$work/now" >&2 || fail "an upgrade that fails leaves something (> is new)"
rm "$work/wine.fails"
expect 0 wine install --prefix "$prefix" && says out "in place of an earlier one of ours: $system32"
expect 0 wine status --prefix "$prefix" && says out '^  64-bit +yes' && says out '^  32-bit +yes'
expect 0 wine uninstall --prefix "$prefix" && same

# A 32-bit prefix takes the DLL for 32-bit programs.
printf 'WINE REGISTRY Version 2\n\n#arch=win32\n' >"$prefix/system.reg"
expect 0 wine install --prefix "$prefix" && says out "^installed winusb.dll; .* is kept: $system32"
cmp -s "$work/install/wine/x86/winusb.dll" "$system32/winusb.dll" || fail "not the DLL for x86"
expect 0 wine status --prefix "$prefix" && says out '^  32-bit +yes'
says out '^  64-bit +no: a 32-bit prefix runs none'
expect 0 wine uninstall --prefix "$prefix" && silent err
printf 'WINE REGISTRY Version 2\n\n#arch=win64\n' >"$prefix/system.reg"
same

ln -s "$work" "$prefix/winusb"
expect 1 wine install --prefix "$prefix" && says err 'symbolic link' && silent out
rm "$prefix/winusb"
chmod 555 "$prefix"
[ "$(id -u)" -eq 0 ] || { expect 1 wine install --prefix "$prefix" && says err 'denied'; }
chmod 755 "$prefix"
unset WINE
winusb=$installed

# What files of a prefix and programs say cannot control the terminal.
plain() { # neither in out nor in err, whichever is named, is a control character but the ends of lines
    if tr -d '\n' <"$work/$1" | LC_ALL=C grep -q -e '[[:cntrl:]]' -e "$(printf '\302\233')"; then
        fail "control characters in $1"
    fi
}
evil=$(printf 'a\033[31m\302\233b\r')
printf '#!/bin/sh\nprintf "%%s" "%s"\n' "$evil" >"$work/said"
chmod +x "$work/said"
mkdir -p "$prefix/dosdevices"
ln -s ../winusb/devices/x "$prefix/dosdevices/usb#vid_1234&pid_5678#$evil#{a5dcbf10-6530-11d2-901f-00c04fb951ed}"
WINE=$work/said expect 0 wine status --prefix "$prefix" && plain out && says out 'wine  .*x1b\[31m'
says out 'published, but not plugged in: .*x1b\[31m'
expect 1 wine publish --prefix "$work/$evil" && plain err && says err 'x1b\[31m'
expect 1 info ffff:fffe --interface 3 && plain err
expect 2 info "$evil" && plain err && says err 'x1b\[31m'

# An INF file's devices are all published, and told of in one line. (Beside a tool that finds its part
# for Wine, which a Wine that does nothing runs.)
installed=$winusb
winusb=$work/tool/winusb
mkdir -p "$work/tool/wine/x64"
cp "$installed" "$winusb"
: >"$work/tool/wine/x64/winusb-wine.exe"
{
    printf '[Manufacturer]\nM=D\n[D]\n'
    printf 'X=I,USB\\VID_FFFF&PID_%s\n' $(seq 1000 1128)
    printf '[I.HW]\nAddReg=R\n[R]\nHKR,,DeviceInterfaceGUID,,{01234567-89ab-cdef-0123-456789abcdef}\n'
} >"$work/many.inf"
rm -rf "$prefix/dosdevices/"usb*
WINE=true expect 0 wine publish --prefix "$prefix" --inf "$work/many.inf"
says err '129 of 129 devices are not plugged in'
[ "$(grep -c 'plugged in' "$work/err")" -eq 1 ] || fail "not in one line"
WINE=true expect 0 wine publish --prefix "$prefix" --inf "$work/many.inf" ffff:fffe
says err 'ffff:fffe is not plugged in'
WINE=true expect 0 wine status --prefix "$prefix" && says out '^rules +130$'
# Hubs are a device of that name; what is said of them last counts.
for command in unpublish publish; do
    word=publish
    [ $command = publish ] || word=hide
    WINE=true expect 0 wine $command hubs --prefix "$prefix"
    ! grep 'plugged in' "$work/err" || fail "hubs are taken for a device"
    [ "$(grep ' hubs$' "$prefix/winusb/rules")" = "$word hubs" ] || fail "the rule after $command hubs"
done
expect 0 wine status --json --prefix "$prefix" && says out '"hubs_published": false'
# A Wine may have its own.
hub='{f18a0e88-c30c-11d0-8815-00a0c906bed8}'
printf '[System\\\\ControlSet001\\\\Control\\\\DeviceClasses\\\\%s\\\\##?#USB#x#1#%s] 1\n"DeviceInstance"="USB\\\\x\\\\1"\n' \
    "$hub" "$hub" >>"$prefix/system.reg"
WINE=true expect 0 wine publish hubs --prefix "$prefix" && says err 'hubs are not published: this Wine has its own'
winusb=$installed
seq 3000000 >"$work/large.inf"
expect 1 wine publish --prefix "$prefix" --inf "$work/large.inf" && says err 'more than 16 MiB'

# Root could be led into writing over its own files.
other=/
[ "$(id -u)" -ne 0 ] || { other=$prefix && chown 12345 "$prefix"; }
for command in install uninstall publish unpublish watch; do
    expect 1 wine $command --prefix "$other" && says err 'not owned by you' && silent out
done
expect 0 wine status --prefix "$other" && says out 'not owned by you' && silent err

# A picture, or clear words why not.
expect 1 timesync --source sim --plot "$work/no/such/folder.svg" && says err 'cannot write'
PATH=/nonexistent expect 1 timesync --source sim --plot "$work/none.svg"
says err 'gnuplot.*not installed'
[ ! -e "$work/none.svg" ] || fail "an empty picture was left behind"
expect 1 timesync --source sim --seconds 0.1 --plot "$work/short.svg" && says err 'too few'
if command -v gnuplot >/dev/null; then
    follow 0.6 '^answers +([3-9]|[1-9][0-9]+),' --interval 0.2 --plot "$work/picture.svg"
    silent err
    grep -q '</svg>' "$work/picture.svg" || fail "no complete picture"
fi

[ "$failures" -eq 0 ] || exit 1
echo "the tool keeps its promises"
