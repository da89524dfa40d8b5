namespace OrleansPayments.Grains.Tests;

/// <summary>Where the sources are, seen from the test's output folder.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrleansPayments.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
