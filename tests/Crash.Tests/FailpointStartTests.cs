using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests;

/// <summary>Failpoints have no place where money is real.</summary>
public sealed class FailpointStartTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("live")]
    public async Task A_silo_in_production_does_not_start_with_failpoints(string? environment)
    {
        using var folder = new TemporaryFolder();
        (string, string)[] settings = environment is null ? [("Failpoints__Enabled", "true")] : [("Failpoints__Enabled", "true"), ("ASPNETCORE_ENVIRONMENT", environment)];
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => SiloProcess.StartAsync(folder.Path, SiloProcess.FreePort(), settings));
        Assert.Contains("The silo ended with 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("The silo cannot start: Failpoints:Enabled", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
