namespace OrleansPayments.Testing.Support;

/// <summary>A folder of one test, gone when the test is, and with it a private cluster that had to be made elsewhere.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        // Started as root, the private PostgreSQL runs as another user, who must get in.
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("payments-test-").FullName;

    public void Dispose()
    {
        try
        {
            foreach (var pointer in Directory.EnumerateFiles(Path, "postgres.location", SearchOption.AllDirectories)) DeleteCluster(File.ReadAllText(pointer).Trim());
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
    }

    private static void DeleteCluster(string elsewhere)
    {
        if (Directory.Exists(elsewhere)) Directory.Delete(elsewhere, recursive: true);
        File.Delete(elsewhere + ".lock");
    }
}
