using System.Globalization;

namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>
/// The operating system's account that the server runs as. PostgreSQL refuses to run as root, so a silo that runs as root hands over to the
/// <c>postgres</c> user of the Debian package; any other silo's server runs as the silo's own user.
/// </summary>
internal sealed class ClusterAccount
{
    private const string ServerUser = "postgres";
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(30);
    private readonly string[] _prefix;

    private ClusterAccount(string name, int userId, string[] prefix)
    {
        Name = name;
        UserId = userId;
        _prefix = prefix;
    }

    public string Name { get; }

    public int UserId { get; }

    /// <summary>Whether the server runs as somebody else than the silo.</summary>
    public bool IsOther => _prefix.Length > 0;

    public static async Task<ClusterAccount> FindAsync(CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
            return new ClusterAccount(Environment.UserName, await ReadUserIdAsync([], cancellation).ConfigureAwait(false), []);

        var known = await Command.RunAsync(["id", "-u", ServerUser], Quick, cancellation).ConfigureAwait(false);
        if (known.ExitCode != 0)
        {
            throw new PrivatePostgresException(
                $"The silo runs as root, PostgreSQL must not, and the user '{ServerUser}' does not exist. Install the server's Debian package, which "
                + "creates it (apt-get install postgresql), or run the silo as an ordinary user.");
        }

        // setpriv changes the user and nothing else; runuser goes through PAM, which some containers have not set up.
        string[] prefix = Exists("setpriv")
            ? ["setpriv", $"--reuid={ServerUser}", $"--regid={ServerUser}", "--init-groups", "--"]
            : Exists("runuser")
                ? ["runuser", "-u", ServerUser, "--"]
                : throw new PrivatePostgresException(
                    "The silo runs as root and finds neither setpriv nor runuser to start PostgreSQL as another user. Install util-linux.");
        return new ClusterAccount(ServerUser, int.Parse(known.Output, CultureInfo.InvariantCulture), prefix);
    }

    /// <summary>Runs a program as this account.</summary>
    public Task<CommandResult> RunAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellation, TimeSpan? timeout = null, string? input = null) =>
        Command.RunAsync([.. _prefix, .. arguments], timeout ?? Quick, cancellation, input);

    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancellation) =>
        (await RunAsync(["test", "-x", folder], cancellation).ConfigureAwait(false)).ExitCode == 0;

    /// <summary>Gives a folder to this account and closes it to everybody else.</summary>
    public async Task TakeAsync(string folder, CancellationToken cancellation)
    {
        (await Command.RunAsync(["chmod", "700", folder], Quick, cancellation).ConfigureAwait(false)).OrThrow($"Closing {folder}");
        if (IsOther)
            (await Command.RunAsync(["chown", "-h", $"{Name}:", folder], Quick, cancellation).ConfigureAwait(false)).OrThrow($"Giving {folder} to {Name}");
    }

    /// <summary>Whether <paramref name="folder"/> is a real folder (no symbolic link) of this account that nobody else may enter.</summary>
    public async Task<bool> OwnsPrivatelyAsync(string folder, CancellationToken cancellation)
    {
        var status = await Command.RunAsync(["stat", "-c", "%u %a %F", folder], Quick, cancellation).ConfigureAwait(false);
        return status.ExitCode == 0 && status.Output == string.Create(CultureInfo.InvariantCulture, $"{UserId} 700 directory");
    }

    /// <summary>Writes a file as this account: complete or not at all.</summary>
    public async Task WriteFileAsync(string path, string content, CancellationToken cancellation)
    {
        const string script = """set -e; cat > "$1.new"; sync "$1.new"; mv -f "$1.new" "$1" """;
        var result = await RunAsync(["sh", "-c", script, "sh", path], cancellation, input: content).ConfigureAwait(false);
        result.OrThrow($"Writing {path}");
    }

    private static async Task<int> ReadUserIdAsync(string[] ofUser, CancellationToken cancellation)
    {
        var result = await Command.RunAsync(["id", "-u", .. ofUser], Quick, cancellation).ConfigureAwait(false);
        return int.Parse(result.OrThrow("Reading the user's id").Output, CultureInfo.InvariantCulture);
    }

    private static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
