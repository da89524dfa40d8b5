namespace OrleansPayments.Benchmarks;

/// <summary>The run's temporary folder, gone with it, and the private cluster that was made elsewhere because of it.</summary>
internal sealed class WorkFolder : IDisposable
{
    public WorkFolder()
    {
        Root = Directory.CreateTempSubdirectory("payments-bench-").FullName;

        // Started by root, the database server runs as another user, who has to get in.
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
    }

    public string Root { get; }

    public string Sub(string name) => Path.Combine(Root, name);

    public void Dispose()
    {
        foreach (var pointer in Directory.EnumerateFiles(Root, "postgres.location", SearchOption.AllDirectories))
        {
            var elsewhere = File.ReadAllText(pointer).Trim();
            if (Directory.Exists(elsewhere)) Directory.Delete(elsewhere, recursive: true);
            File.Delete(elsewhere + ".lock");
        }

        Directory.Delete(Root, recursive: true);
    }
}
