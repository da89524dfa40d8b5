# What ./run and ./test share. Sourced from the repository's root.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# The .NET SDK wants a home; a service user may have none.
[ -n "${HOME:-}" ] && [ -d "${HOME:-}" ] || export HOME="${TMPDIR:-/tmp}/orleanspayments-home-$(id -u)"
mkdir -p "$HOME"

die() { echo "$*" >&2; exit 2; }

is_port() { [[ "$1" =~ ^[0-9]{1,5}$ ]] && [ "$1" -ge 1 ] && [ "$1" -le 65535 ]; }

need_dotnet() {
    command -v dotnet >/dev/null || die "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
    dotnet --list-sdks | grep -q '^10\.' || die "The .NET 10 SDK is missing; found: $(dotnet --list-sdks | tr '\n' ' ')"
}

has_postgresql() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; }

# The server's programs only; a cluster of our own is made by the silo.
need_postgresql() {
    has_postgresql && return
    local as_root=''
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "PostgreSQL is missing and only root can install it: apt-get install postgresql"
        as_root=sudo
    fi
    command -v apt-get >/dev/null || die "PostgreSQL 15 or later is missing, and this machine has no apt-get to install it with."
    echo "Installing PostgreSQL…"
    # Debian's package would start a cluster of its own; nobody needs it here.
    $as_root mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends postgresql >/dev/null
    has_postgresql || die "PostgreSQL was installed but its programs are not found under /usr/lib/postgresql."
}

# Builds a project or solution in Release; quiet unless it fails. No build server stays behind.
build() {
    local log
    log="$(mktemp)"
    if ! dotnet build "$1" -c Release -v q --nologo -nodeReuse:false -p:UseSharedCompilation=false >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "The build of $1 failed."
    fi
    rm -f "$log"
}

# Whether the registry lacks Orleans' packages, or does not answer in a minute. A restore that fails for another reason is for the build to show.
orleans_is_missing() {
    local log code=0 missing=1
    log="$(mktemp)"
    timeout -k 5 60 dotnet restore Silo/Silo.csproj -p:GrainEngine=Orleans -v q --nologo >"$log" 2>&1 || code=$?
    case "$code" in
        0) ;;
        124|137) missing=0 ;; # out of time
        # NU1101 to NU1103: no such package, version or release. NU1301: no registry.
        *) if grep -qE 'NU110[123]|NU1301' "$log"; then missing=0; fi ;;
    esac
    rm -f "$log"
    return "$missing"
}

# The built program of a project, of the engine that the build was for.
output() {
    local engine="${GrainEngine:-Embedded}"
    echo "artifacts/${engine,,}/bin/$1/release/OrleansPayments.$1.dll"
}
