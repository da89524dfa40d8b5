using System.Globalization;

namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>The server programs of one PostgreSQL installation on this machine.</summary>
/// <param name="Folder">Where <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> are.</param>
/// <param name="Major">The major version, 15 or later.</param>
internal sealed record PostgresBinaries(string Folder, int Major)
{
    public const int OldestMajor = 15;
    private const string DebianRoot = "/usr/lib/postgresql";

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>
    /// The installation to use: the one that made the cluster if there is a cluster (its files cannot be read by another major version),
    /// otherwise the newest.
    /// </summary>
    /// <exception cref="PrivatePostgresException">There is none; the message names the package to install.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? majorOfCluster, CancellationToken cancellation)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in await ListFoldersAsync(cancellation).ConfigureAwait(false))
        {
            if (!File.Exists(Path.Combine(folder, "initdb")) || !File.Exists(Path.Combine(folder, "pg_ctl")))
                continue;
            if (await ReadMajorAsync(folder, cancellation).ConfigureAwait(false) is { } major && major >= OldestMajor)
                found.Add(new PostgresBinaries(folder, major));
        }

        if (majorOfCluster is { } wanted)
        {
            return found.Find(binaries => binaries.Major == wanted) ?? throw new PrivatePostgresException(
                $"The data folder holds a cluster of PostgreSQL {wanted}, and that version's server is not on this machine. Install it (Debian: "
                + $"apt-get install postgresql-{wanted}), or convert the cluster with pg_upgrade.");
        }

        return found.MaxBy(binaries => binaries.Major) ?? throw new PrivatePostgresException(
            $"No PostgreSQL server of version {OldestMajor} or later was found in {DebianRoot}/*/bin, by pg_config or in PATH. Install one (Debian: "
            + $"apt-get install postgresql-{OldestMajor}), or set ConnectionStrings__Payments to use a server elsewhere.");
    }

    private static async Task<IReadOnlyList<string>> ListFoldersAsync(CancellationToken cancellation)
    {
        var folders = new List<string>();
        if (Directory.Exists(DebianRoot))
            folders.AddRange(Directory.GetDirectories(DebianRoot).Select(version => Path.Combine(version, "bin")));

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (path.Any(folder => File.Exists(Path.Combine(folder, "pg_config"))))
        {
            var config = await Command.RunAsync(["pg_config", "--bindir"], TimeSpan.FromSeconds(10), cancellation).ConfigureAwait(false);
            if (config.ExitCode == 0)
                folders.Add(config.Output);
        }

        folders.AddRange(path);
        return [.. folders.Distinct(StringComparer.Ordinal)];
    }

    private static async Task<int?> ReadMajorAsync(string folder, CancellationToken cancellation)
    {
        // "pg_ctl (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"
        var version = await Command.RunAsync([Path.Combine(folder, "pg_ctl"), "--version"], TimeSpan.FromSeconds(10), cancellation).ConfigureAwait(false);
        var number = version.Output.Split(' ').ElementAtOrDefault(2)?.TakeWhile(char.IsAsciiDigit).ToArray();
        return version.ExitCode == 0 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
    }
}
