using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>
/// The folder that holds the cluster (<c>data</c>) and its log (<c>log</c>). It lies in the silo's data folder, unless the server's account cannot
/// get there (root's home, a folder of mode 0700): then it lies under <see cref="ElsewhereRoot"/>, and a file in the data folder says where.
/// </summary>
internal sealed class ClusterHome
{
    public const string ElsewhereRoot = "/var/lib/orleanspayments";
    public const string PointerFile = "postgres.location";

    private ClusterHome(string folder) => Folder = folder;

    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Log => Path.Combine(Folder, "log");

    public string StartLog => Path.Combine(Log, "start.log");

    public bool HasCluster => File.Exists(Path.Combine(Data, "PG_VERSION"));

    /// <summary>The major version that made the cluster, null if there is none.</summary>
    public int? Major => HasCluster
        ? int.Parse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture)
        : null;

    /// <summary>Where the cluster of <paramref name="dataFolder"/> is or will be. Call it under the data folder's lock.</summary>
    public static async Task<ClusterHome> LocateAsync(string dataFolder, ClusterAccount account, CancellationToken cancellation)
    {
        var pointer = Path.Combine(dataFolder, PointerFile);
        if (File.Exists(pointer))
            return new ClusterHome(ReadPointer(pointer));

        var inside = new ClusterHome(Path.Combine(dataFolder, "postgres"));
        if (!account.IsOther || await account.CanEnterAsync(dataFolder, cancellation).ConfigureAwait(false))
            return inside;
        if (inside.HasCluster || Directory.Exists(inside.Data))
        {
            throw new PrivatePostgresException(
                $"The cluster is in {inside.Folder}, but the user '{account.Name}', who must run it, may no longer enter {dataFolder}. Give the folders on "
                + "the way to it the right to be entered (chmod o+x).");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..32];
        var elsewhere = new ClusterHome(Path.Combine(ElsewhereRoot, hash));
        if (elsewhere.HasCluster)
        {
            throw new PrivatePostgresException(
                $"{elsewhere.Folder} already holds the cluster of a data folder at {dataFolder} whose {PointerFile} is gone. Write that path into {pointer} "
                + "to use it, or move the cluster away.");
        }

        Directory.CreateDirectory(ElsewhereRoot);
        var unfinished = pointer + ".new";
        await File.WriteAllTextAsync(unfinished, elsewhere.Folder + "\n", cancellation).ConfigureAwait(false);
        File.Move(unfinished, pointer);
        return elsewhere;
    }

    /// <summary>Makes the folder and its log folder, closed to all but the account.</summary>
    public async Task PrepareAsync(ClusterAccount account, CancellationToken cancellation)
    {
        if (!Directory.Exists(Folder))
        {
            Directory.CreateDirectory(Folder);
            await account.TakeAsync(Folder, cancellation).ConfigureAwait(false);
        }

        if (!await account.OwnsPrivatelyAsync(Folder, cancellation).ConfigureAwait(false))
        {
            // An interrupted first start leaves an empty folder of ours; anything else was made by another user and stays theirs.
            if (Directory.EnumerateFileSystemEntries(Folder).Any())
            {
                throw new PrivatePostgresException(
                    $"{Folder} does not belong to '{account.Name}' with mode 0700. A cluster is run by the user that made it: start the silo as that user.");
            }

            await account.TakeAsync(Folder, cancellation).ConfigureAwait(false);
        }

        (await account.RunAsync(["mkdir", "-p", "-m", "700", Log], cancellation).ConfigureAwait(false)).OrThrow($"Creating {Log}");
    }

    private static string ReadPointer(string pointer)
    {
        var folder = File.ReadAllText(pointer).Trim();
        var name = Path.GetFileName(folder);
        if (Path.GetDirectoryName(folder) == ElsewhereRoot && name.Length == 32 && name.All(char.IsAsciiHexDigitLower))
            return folder;
        throw new PrivatePostgresException($"{pointer} must name a folder in {ElsewhereRoot}.");
    }
}
