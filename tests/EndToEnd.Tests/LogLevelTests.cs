using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansPayments.Silo.Hosting;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>What an operator reads when nothing is configured.</summary>
public sealed class LogLevelTests
{
    [Theory]
    [InlineData("OrleansPayments.Silo.Persistence.Journal.PostgresJournal", true)]
    [InlineData("Microsoft.Hosting.Lifetime", true)]
    [InlineData("Orleans.Runtime.Silo", false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", false)]
    [InlineData("System.Net.Http.HttpClient", false)]
    public async Task Of_the_platform_only_what_is_amiss(string category, bool informs)
    {
        using var folder = new TemporaryFolder();
        await using var app = PaymentsSilo.Create(["--PAYMENTS_PORT", "0", "--PAYMENTS_DATA", folder.Path]);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        Assert.Equal((informs, true), (logger.IsEnabled(LogLevel.Information), logger.IsEnabled(LogLevel.Warning)));
    }
}
