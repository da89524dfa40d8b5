namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

/// <summary>A folder that goes with the test, and the cluster that was made elsewhere because of it.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder(bool open = true)
    {
        Path = Directory.CreateTempSubdirectory("opay-test-").FullName;
        if (open && OperatingSystem.IsLinux())
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
    }

    public string Path { get; }

    public void Dispose()
    {
        foreach (var pointer in Directory.EnumerateFiles(Path, "postgres.location", SearchOption.AllDirectories))
        {
            var elsewhere = File.ReadAllText(pointer).Trim();
            if (Directory.Exists(elsewhere))
                Directory.Delete(elsewhere, recursive: true);
            File.Delete(elsewhere + ".lock");
        }

        Directory.Delete(Path, recursive: true);
    }
}
