namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>
/// The folder of the server's Unix socket. Its mode 0700 is the whole access control of the private cluster (within it, everybody is trusted), so
/// its name is unpredictable, it is created by an operation that fails on anything that exists, and it is checked again before a running server is
/// adopted. It is short because the kernel takes 107 bytes for the path of a socket.
/// </summary>
internal static class SocketFolder
{
    private const int LongestPath = 107;
    private const string SocketName = "/.s.PGSQL.5432";

    public static async Task<string> CreateAsync(ClusterAccount account, CancellationToken cancellation)
    {
        var refusals = new List<string>();
        // /run is root's own; /tmp is sticky, so nobody else can rename or replace what we create there.
        foreach (var parent in account.IsOther ? new[] { "/run", "/tmp" } : ["/tmp", Path.GetTempPath().TrimEnd('/')])
        {
            var created = await Command
                .RunAsync(["mktemp", "-d", $"{parent}/opay-XXXXXXXXXX"], TimeSpan.FromSeconds(10), cancellation).ConfigureAwait(false);
            if (created.ExitCode != 0)
            {
                refusals.Add(created.Error);
                continue;
            }

            if (created.Output.Length + SocketName.Length <= LongestPath)
            {
                await account.TakeAsync(created.Output, cancellation).ConfigureAwait(false);
                return created.Output;
            }

            Directory.Delete(created.Output);
            refusals.Add($"{parent} is too long for a socket's path");
        }

        throw new PrivatePostgresException($"No folder for the server's socket could be created: {string.Join("; ", refusals)}.");
    }

    /// <summary>Removes a folder of ours and the sockets in it; leaves anybody else's alone.</summary>
    public static async Task RemoveAsync(string folder, ClusterAccount account, CancellationToken cancellation)
    {
        if (folder.Length == 0 || !Path.GetFileName(folder).StartsWith("opay-", StringComparison.Ordinal))
            return;
        if (!await account.OwnsPrivatelyAsync(folder, cancellation).ConfigureAwait(false))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, ".s.PGSQL.*"))
            File.Delete(file);
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}
