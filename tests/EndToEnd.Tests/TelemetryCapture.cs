using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Everything that is measured in this process with its tags, and every span with its name, tags and events: what an exporter of metrics and traces would see.</summary>
internal sealed class TelemetryCapture : IDisposable
{
    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.Ordinal);
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _spans;

    public TelemetryCapture()
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<byte>(Keep);
        _meters.SetMeasurementEventCallback<short>(Keep);
        _meters.SetMeasurementEventCallback<int>(Keep);
        _meters.SetMeasurementEventCallback<long>(Keep);
        _meters.SetMeasurementEventCallback<float>(Keep);
        _meters.SetMeasurementEventCallback<double>(Keep);
        _meters.SetMeasurementEventCallback<decimal>(Keep);
        _meters.Start();
        _spans = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_spans);
    }

    /// <summary>Each measurement and span once, as text.</summary>
    public IEnumerable<string> Seen
    {
        get
        {
            _meters.RecordObservableInstruments();
            return _seen.Keys;
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }

    // Values of time and the like differ each time; a card number would be one of a few.
    private void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct
    {
        var text = $"{instrument.Meter.Name} {instrument.Name} {instrument.Description}";
        foreach (var tag in tags) text += $" {tag.Key}={tag.Value}";
        _seen.TryAdd(text, 0);
        if (value is long number && number >= 100_000_000_000) _seen.TryAdd($"{text} {number}", 0);
    }

    private void Keep(Activity span)
    {
        var text = $"{span.Source.Name} {span.OperationName} {span.DisplayName} {span.StatusDescription}";
        foreach (var tag in span.TagObjects) text += $" {tag.Key}={tag.Value}";
        foreach (var happened in span.Events) text += $" {happened.Name} {string.Join(' ', happened.Tags)}";
        foreach (var (key, value) in span.Baggage) text += $" {key}={value}";
        _seen.TryAdd(text, 0);
    }
}
