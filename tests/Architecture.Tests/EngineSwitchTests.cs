using System.Diagnostics;

namespace OrleansPayments.Architecture.Tests;

/// <summary>The property that picks the engine, as far as it can be checked where Orleans' packages do not restore.</summary>
public sealed class EngineSwitchTests
{
    [Theory]
    [InlineData("Embedded", "Grains/Grains.csproj", true)]
    [InlineData("Orleans", "Grains/Grains.csproj", false)]
    [InlineData("Embedded", "Grains.Interfaces/Grains.Interfaces.csproj", true)]
    [InlineData("Orleans", "Grains.Interfaces/Grains.Interfaces.csproj", false)]
    public void One_engine_is_referenced_and_the_other_is_not(string engine, string project, bool embedded)
    {
        var references = MsBuild(project, $"-p:GrainEngine={engine}", "-getItem:ProjectReference,PackageReference");
        Assert.Equal(embedded, references.Contains("GrainEngine.csproj", StringComparison.Ordinal));
        Assert.Equal(!embedded, references.Contains("\"Microsoft.Orleans.Sdk\"", StringComparison.Ordinal));
    }

    [Fact]
    public void The_outputs_of_the_engines_live_apart()
    {
        Assert.Contains("artifacts/embedded", MsBuild("Grains/Grains.csproj", "-getProperty:ArtifactsPath"), StringComparison.Ordinal);
        Assert.Contains("artifacts/orleans", MsBuild("Grains/Grains.csproj", "-p:GrainEngine=Orleans", "-getProperty:ArtifactsPath"), StringComparison.Ordinal);
    }

    private static string MsBuild(string project, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        foreach (var argument in (string[])["msbuild", project, "-nologo", .. arguments]) start.ArgumentList.Add(argument);

        // The test host's own MSBuild settings must not reach another MSBuild.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + process.StandardError.ReadToEnd());
        return output;
    }
}
