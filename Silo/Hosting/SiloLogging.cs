using Microsoft.Extensions.Logging.Console;

namespace OrleansPayments.Silo.Hosting;

/// <summary>One line per entry on the console, in UTC; levels by the section <c>Logging</c>.</summary>
internal static class SiloLogging
{
    public static void AddSiloLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.ColorBehavior = LoggerColorBehavior.Disabled;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.Logging.AddFilter("System", LogLevel.Warning);

        // The engine's, whichever it is. Filters are prefixes: without the dot it would be ours too.
        builder.Logging.AddFilter("Orleans.", LogLevel.Warning);

        // The web host's message about the content root says nothing to an operator.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }
}
